import { absolutePath, baseName } from "../../paths.ts";
import type { Silence } from "../../plan.ts";
import { type Start, type StartedCommand } from "../../start.ts";

/** What `java` loads by its arguments (the java command's manual). */
export interface JavaStart {
  /** Absolute; the jar, or the files and folders of the class path. */
  readonly paths: readonly string[];
  /** `-jar`: it is a single file. */
  readonly isJar: boolean;
}

/** Options whose value is the next word, besides the class path. */
const valueOptions: ReadonlySet<string> = new Set(
  "-d --add-modules --add-exports --add-opens --add-reads --limit-modules --upgrade-module-path --source".split(
    " ",
  ),
);

const classPathOption = /^(-cp|-classpath|--class-path|-p|--module-path)$/;

/** @returns undefined for another program, or where the arguments don't tell */
export function readJavaStart(
  command: StartedCommand,
  classPath: string | undefined,
): JavaStart | undefined {
  const { program, args, folder } = command;
  if (program !== "java") return undefined;
  const absolutes = (words: readonly string[]): readonly string[] | undefined => {
    const paths = words.map((word) =>
      word.includes("$") ? undefined : absolutePath(word, folder),
    );
    return paths.every((path) => path !== undefined) ? paths : undefined;
  };
  let named: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    const next = args[index + 1];
    // A variable with options, such as $JAVA_OPTS.
    if (word === undefined) continue;
    if (word === "-jar") {
      // The rest of a pattern is for the shell: its folder is what counts.
      const path =
        next === undefined ? undefined : next.replace(/\/?[^/]*[*?[].*$/, "") || ".";
      const paths = path === undefined ? undefined : absolutes([path]);
      return paths && { paths, isJar: path === next };
    }
    if (classPathOption.test(word)) {
      named = next;
      index += 1;
    } else if (valueOptions.has(word)) index += 1;
    else if (word.startsWith("--class-path=") || word.startsWith("--module-path="))
      named = word.slice(word.indexOf("=") + 1);
    else if (!word.startsWith("-") || word === "-m" || word === "--module") {
      const entries = (named ?? classPath ?? ".")
        .split(":")
        .filter((item) => item !== "");
      const paths = absolutes(entries.map((item) => item.replace(/\/?\*$/, "") || "."));
      // A source file would be compiled when it starts.
      return word.endsWith(".java") ? undefined : paths && { paths, isJar: false };
    }
  }
  return undefined;
}

/** Programs that build when they start. */
const builders = /^(mvnw?|gradlew?|sbt|sbtw|ant|activator|lein|millw?|kotlinc|scala)$/;

export function whyStartsBuild({ commands, instruction }: Start): Silence | undefined {
  for (const { program = "", path, args, evidence } of commands) {
    const name = baseName(program);
    const isSource = name === "java" && args.some((word) => word?.endsWith(".java"));
    const range = "file" in evidence ? instruction.range : evidence;
    const place = "file" in evidence ? `${evidence.file}:${evidence.line}: ` : "";
    if (builders.test(name) || isSource)
      return { reason: `${place}“${name}” starts, which builds`, range };
    if (name === "java" && path !== undefined)
      return { reason: `${path} may be another Java than the runtime's`, range };
  }
  return undefined;
}
