import { stateAtEnd } from "../../../dockerfile/state.ts";
import { javaRuntimeOf, javaRuntimePackage } from "../../../knowledge/java-runtimes.ts";
import { smallBaseOf } from "../../../knowledge/image-releases.ts";
import { copiedAt } from "../../copies.ts";
import { commonEffect, type Effect } from "../../effects.ts";
import { optionValue } from "../../operands.ts";
import { packageEffect } from "../../package-effect.ts";
import { absolutePath, baseName, folderOf, isWithin } from "../../paths.ts";
import type { Artefact, Finding, RuntimeBase } from "../../plan.ts";
import { neededData } from "../../runtime-data.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { copiedFolders, outermost, shippable } from "../folders.ts";
import { readJavaSources, moduleOf, type JavaSources } from "./sources.ts";
import { readJavaStart, whyStartsBuild, type JavaStart } from "./start.ts";
import { madeFiles } from "../made-files.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";
import { whyUserMissing } from "../users.ts";

/** Java and Kotlin: Maven, Gradle, javac; see their manuals. */
export const java: Ecosystem = {
  name: "Java",

  isConcerned: ({ commands }) => commands.some(isBuild),

  read(subject) {
    const { start, stage } = subject;
    const base = runtimeBase(subject);
    if (!base)
      return {
        reason: "no image with a Java runtime alone is known for this one",
        range: stage.from.range,
      };
    const builds = start && whyStartsBuild(start);
    if (builds) return builds;
    const { env } = stateAtEnd(stage, subject.dockerfile);
    // The images lay their Java in different folders.
    if (env.has("JAVA_HOME") && !keepsHome(env.get("JAVA_HOME"), subject))
      return {
        reason: "JAVA_HOME is set, to a folder that the runtime's image may not have",
        range: stage.from.range,
      };
    const user = whyUserMissing(subject, []);
    if (user) return user;
    const sources = readJavaSources(subject);
    if (sources?.obstacle) {
      const { file, line, text } = sources.obstacle;
      return {
        reason: `${file}:${line} uses ${text}: it may need more than a Java runtime`,
        range: stage.from.range,
      };
    }
    const loaded = javaStarts(subject);
    const loose = subject.commands.find(
      (command) => !buildPlaces([command]).every(shippable),
    );
    if (loose)
      return { reason: "it builds among other files of the image", range: loose.range };
    const places = outermost([
      ...copiedFolders(subject),
      ...buildPlaces(subject.commands),
    ]).filter(shippable);
    const idle = sources ? [] : idlePlaces(subject, places, loaded);
    const compiled = classFolders(subject);
    const isNeeded = (path: string): boolean => !isSource(path, sources);
    const paths = sources
      ? [
          ...loaded.flatMap((item) =>
            item.paths.map((path) => shipped(path, item, { subject, sources, places })),
          ),
          ...installed(subject, sources),
          ...neededData(subject, isNeeded),
          ...madeFiles(subject, places, isNeeded).filter(
            (path) => !isOutput(path, sources) && !compiled.includes(path),
          ),
        ]
      : places.filter((path) => !idle.includes(path));
    const artefacts = outermost(paths.filter((path) => isIn(path, places)));
    const findings: readonly Finding[] = artefacts.map((path) => ({
      topic: "artefact",
      text: path,
      evidence: start?.instruction.range ?? stage.from.range,
    }));
    return {
      artefacts: artefacts.map((path) => madeBy(path, subject)),
      buildFolders: [...caches, ...(sources ? places : idle)],
      effectOf,
      isBuildPackage,
      provides: (program) => program === "java",
      opened: (command) => readJavaStart(command, classPathOf(subject))?.paths ?? [],
      findings,
      runtime: () => ({
        base,
        artefacts: [],
        packages: packagesOf(subject).flatMap((name) => javaRuntimePackage(name) ?? []),
        findings: [],
        assumptions: [
          ...(sources
            ? []
            : [
                "Without the build context at hand, everything that is copied in is shipped; check that the program needs no compiler (javax.tools) and calls no other program.",
              ]),
        ],
      }),
    } satisfies EcosystemBuild;
  },
};

const caches: readonly string[] = [
  "/root/.m2",
  "/root/.gradle",
  "/home/gradle/.gradle",
  "/root/.kotlin",
];

function isBuild({ program = "", args }: StageCommand): boolean {
  if (/^(mvnw?|gradlew?)$/.test(program))
    return args.some((word) => word === undefined || /^[\w:.-]*[a-z]/i.test(word));
  return /^(javac|kotlinc)$/.test(program);
}

/** Gradle and Maven as their makers distribute them, packed or not. */
const toolArchive =
  /(^|\/)(gradle|apache-maven)-\d+(\.\d+)*(-bin|-all)?(\.zip|\.tar\.gz)?(\/bin\/\w+)?$/;

/** Where they are unpacked to, mostly as their own images have them. */
const toolFolder =
  /^\/(usr\/share|usr\/lib|usr\/local|opt)\/(apache-)?(maven|gradle)(-\d[\w.]*)?(\/.*)?$/;

function effectOf({ program = "", args }: StageCommand): Effect | undefined {
  const words = args.filter((word) => word?.startsWith("-") !== true);
  const isTool = (word: string | undefined): boolean =>
    toolArchive.test(word ?? "") || toolFolder.test(word ?? "");
  const handlesTool =
    program === "mkdir"
      ? words.length > 0 && words.every(isTool)
      : /^(wget|curl|unzip|tar|mv|cp|ln)$/.test(program) && args.some(isTool);
  // The runtime's image has one Java, which is found by its name.
  const choosesJava =
    program === "update-alternatives" && args.some((word) => /^javac?$/.test(word ?? ""));
  return handlesTool ||
    choosesJava ||
    /^(mvnw?|gradlew?|javac|kotlinc|jar)$/.test(program)
    ? { kind: "build" }
    : undefined;
}

/** What fetches, and the compilers that have a runtime package of their own. */
function isBuildPackage(name: string): boolean {
  return (
    /^(maven|gradle|ant|git|kotlin|scala|sbt)$/.test(name) ||
    /^(default-jdk|openjdk-\d+-jdk)(-headless)?$/.test(name)
  );
}

function packagesOf({ commands }: SplitSubject): readonly string[] {
  return commands.flatMap((command) => {
    const effect = packageEffect(command);
    return effect?.kind === "packages" ? effect.names : [];
  });
}

/** An image with a runtime, or the distribution whose packages have one. */
function runtimeBase(subject: SplitSubject): RuntimeBase | undefined {
  const { image } = subject;
  const runtime = javaRuntimeOf(image);
  if (runtime !== undefined)
    return {
      family: runtime.includes("alpine") ? "alpine" : "debian",
      image: runtime,
      workdir: "/",
      hasShell: true,
    };
  const repository = image.repository?.replace(/^library\//, "");
  const isDistribution = repository === "debian" || repository === "ubuntu";
  const small = isDistribution ? smallBaseOf(image) : undefined;
  const jdks = packagesOf(subject).filter(
    (name) => javaRuntimePackage(name) !== undefined,
  );
  return small && jdks.length === 1
    ? { family: small.family, image: small.image, workdir: "/", hasShell: true }
    : undefined;
}

/**
 * Whether JAVA_HOME leads to a Java in the runtime's image, too: Debian's and Ubuntu's packages
 * lay the runtime into the folder of the compiler (package lists of openjdk-8-jre-headless to
 * openjdk-21-jre-headless), and so do the images that consist of them.
 */
function keepsHome(home: string | undefined, { image }: SplitSubject): boolean {
  return (
    /^(library\/)?(debian|java|ubuntu)$/.test(image.repository ?? "") &&
    /^\/usr\/lib\/jvm\/(default-java|java-\d+-openjdk-\w+)(\/jre)?\/?$/.test(home ?? "")
  );
}

/** Folders that were cloned, in which nothing starts, and that no start names. */
function idlePlaces(
  subject: SplitSubject,
  places: readonly string[],
  loaded: readonly JavaStart[],
): readonly string[] {
  const { start, around, commands } = subject;
  const copied = copiedFolders(subject);
  const cloned = commands.flatMap((command) => {
    const effect = commonEffect(command);
    const isClone = command.program === "git" && command.args.includes("clone");
    return isClone && effect.kind === "content" ? effect.paths : [];
  });
  const used = [
    around(undefined).folder ?? "/",
    ...loaded.flatMap(({ paths }) => paths),
    ...(start?.commands ?? []).flatMap(({ path }) => path ?? []),
  ];
  const words = (start?.commands ?? []).flatMap(({ args }) => args);
  return places.filter(
    (place) =>
      cloned.includes(place) &&
      !copied.some((path) => isWithin(path, place) || isWithin(place, path)) &&
      !used.some((path) => isWithin(path, place)) &&
      !words.some((word) => word?.includes(place) ?? true),
  );
}

function classPathOf({ stage, dockerfile }: SplitSubject): string | undefined {
  return stateAtEnd(stage, dockerfile).env.get("CLASSPATH");
}

function javaStarts(subject: SplitSubject): readonly JavaStart[] {
  return (subject.start?.commands ?? []).flatMap(
    (command) => readJavaStart(command, classPathOf(subject)) ?? [],
  );
}

/** When a path was last made: by a copy, or by the build in it. */
function madeBy(path: string, { commands, copies }: SplitSubject): Artefact {
  const built = commands.findLast(
    (command) =>
      isBuild(command) &&
      buildPlaces([command]).some(
        (place) => isWithin(path, place) || isWithin(place, path),
      ),
  );
  const times = [built?.range.start, copiedAt(copies, path)].filter(
    (time) => time !== undefined,
  );
  return times.length === 0 ? { path } : { path, madeAt: Math.max(...times) };
}

/** Folders that builds run in, and that they write to. */
function buildPlaces(commands: readonly StageCommand[]): readonly string[] {
  return commands.filter(isBuild).flatMap(({ program, args, folder }) => {
    const option =
      program === "javac" || program === "kotlinc"
        ? optionValue(args, /^-d$/)
        : optionValue(args, /^(-p|--project-dir)$/);
    const file = /^mvnw?$/.test(program ?? "")
      ? optionValue(args, /^(-f|--file)$/)
      : undefined;
    const other = typeof option === "string" ? absolutePath(option, folder) : undefined;
    const pom = typeof file === "string" ? absolutePath(file, folder) : undefined;
    return [
      pom === undefined ? folder : undefined,
      other,
      pom === undefined ? undefined : folderOf(pom),
    ].filter((path) => path !== undefined);
  });
}

interface Shipping {
  readonly subject: SplitSubject;
  readonly sources: JavaSources;
  readonly places: readonly string[];
}

/** The jar by itself where it is known to be there, otherwise all that is made with it. */
function shipped(
  path: string,
  { isJar }: JavaStart,
  { subject, sources, places }: Shipping,
): string {
  const module = moduleOf(path, sources.modules);
  if (module) {
    const isKnown = isJar && module.jars.includes(path.slice(module.output.length + 1));
    return isKnown ? path : module.output;
  }
  const isMade =
    subject.files.has(path) ||
    classFolders(subject).includes(path) ||
    subject.commands.some((command) => writes(command, path));
  return isMade ? path : (places.find((place) => isWithin(path, place)) ?? path);
}

/** Whether a command surely makes a file. */
function writes(command: StageCommand, path: string): boolean {
  const { program, args, folder } = command;
  if (program === "jar")
    return args.some((word) => word !== undefined && absolutePath(word, folder) === path);
  const effect = commonEffect(command);
  return effect.kind === "content" && effect.paths.includes(path);
}

/** Where javac and kotlinc put classes. */
function classFolders({ commands }: SplitSubject): readonly string[] {
  return commands.flatMap(({ program, args, folder }) => {
    if (program !== "javac" && program !== "kotlinc") return [];
    const option = optionValue(args, /^-d$/);
    const path = typeof option === "string" ? absolutePath(option, folder) : undefined;
    return path === undefined ? [] : [path];
  });
}

/** What a start script in a distribution that the build makes belongs to. */
function installed({ start }: SplitSubject, { modules }: JavaSources): readonly string[] {
  return (start?.commands ?? []).flatMap(({ path }) => {
    const module = path === undefined ? undefined : moduleOf(path, modules);
    return module ? [module.output] : [];
  });
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => isWithin(path, place));
}

function isOutput(path: string, { modules }: JavaSources): boolean {
  return moduleOf(path, modules) !== undefined;
}

/** What only the build reads. Sources that the program names by path aren't such. */
function isSource(path: string, sources: JavaSources | undefined): boolean {
  if (!sources) return false;
  if (isOutput(path, sources)) return true;
  const tree = /(^|\/)(src\/(\w+))\//.exec(path);
  if (tree)
    return (
      tree[3] === "test" || !sources.texts.some((text) => text.includes(tree[2] ?? ""))
    );
  return (
    /\.(java|kt|scala|groovy|gradle|kts|class)$/.test(path) ||
    /^(pom\.xml|gradlew(\.bat)?|mvnw(\.cmd)?|gradle\.properties|gradle-wrapper\..*)$/.test(
      baseName(path),
    ) ||
    /\/(\.mvn|gradle\/wrapper)\//.test(path)
  );
}
