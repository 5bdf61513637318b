import { isWithin } from "../../paths.ts";
import type { SplitSubject } from "../../subject.ts";

/** A module of Maven or Gradle, by what its files in the build context say. */
export interface JavaModule {
  /** Absolute, in the image. */
  readonly folder: string;
  /** Where it puts what it makes. */
  readonly output: string;
  /** Jars that it makes and that name no other files to load, relative to `output`. */
  readonly jars: readonly string[];
}

/** What the build context tells of a Java program. */
export interface JavaSources {
  readonly modules: readonly JavaModule[];
  /** Something that a Java runtime without a compiler can't do, or another program. */
  readonly obstacle: JavaPlace | undefined;
  /** Texts of the program and of its configuration, without tests. */
  readonly texts: readonly string[];
}

export interface JavaPlace {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const programs = /\.(java|kt|kts|scala|groovy|clj)$/;

/** @returns undefined where there is no build context */
export function readJavaSources({
  context,
  files,
}: SplitSubject): JavaSources | undefined {
  if (!context) return undefined;
  const modules: JavaModule[] = [];
  const texts: string[] = [];
  let obstacle: JavaPlace | undefined;
  for (const [path, file] of files) {
    const folder = path.slice(0, path.lastIndexOf("/")) || "/";
    const read = (): string => context.read(file) ?? "";
    if (path.endsWith("/pom.xml")) modules.push(mavenModule(folder, read()));
    if (/\/build\.gradle(\.kts)?$/.test(path)) {
      const settings = ["settings.gradle", "settings.gradle.kts"]
        .map((name) => files.get(`${folder}/${name}`))
        .find((item) => item !== undefined);
      const properties = files.get(`${folder}/gradle.properties`);
      modules.push(
        gradleModule(folder, read(), {
          settings: settings === undefined ? "" : (context.read(settings) ?? ""),
          properties: properties === undefined ? "" : (context.read(properties) ?? ""),
        }),
      );
    }
    const isProgram = programs.test(path) || path.endsWith("pom.xml");
    const isTest = /(^|\/)src\/(test|it|integrationTest)\//.test(file);
    if (isTest || !(isProgram || /\.(ya?ml|properties|conf|xml|json)$/.test(path)))
      continue;
    const text = read();
    texts.push(text);
    if (isProgram) obstacle ??= findObstacle(text, file);
  }
  return { modules, obstacle, texts };
}

/** Packages of the JDK's tools (Java SE, modules jdk.compiler, jdk.jdi, jdk.jshell), and calls. */
const obstacles =
  /\bjavax\.tools\b|\bcom\.sun\.(tools|jdi)\b|\bjdk\.jshell\b|\btools\.jar\b|\b(new\s+)?ProcessBuilder\s*\(|\.getRuntime\(\)\s*\.exec\b|\bsys\.process\b/;

function findObstacle(text: string, file: string): JavaPlace | undefined {
  const match = obstacles.exec(text);
  if (!match) return undefined;
  const line = text.slice(0, match.index).split("\n").length;
  return { file, line, text: match[0].replace(/\s*\($/, "").replace(/^\./, "") };
}

/** See maven.apache.org/pom.html and the plugins' pages for their defaults. */
function mavenModule(folder: string, source: string): JavaModule {
  const output = `${folder}/target`;
  const text = source.replace(/<!--.*?-->/gs, "");
  const own = [
    "parent",
    "dependencies",
    "dependencyManagement",
    "build",
    "profiles",
    "reporting",
    "modules",
  ].reduce(
    (rest, name) => rest.replace(new RegExp(`<${name}>.*?</${name}>`, "gs"), ""),
    text,
  );
  const parent = element(text, "parent") ?? "";
  const properties = element(own, "properties") ?? "";
  const artifact = element(own, "artifactId");
  const version = element(own, "version") ?? element(parent, "version");
  const resolve = (value: string, depth = 0): string | undefined => {
    let isKnown = depth < 5;
    const result = value.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      const found =
        /^(project\.|pom\.)?artifactId$/.exec(name) && artifact !== undefined
          ? artifact
          : /^(project\.|pom\.)?version$/.exec(name)
            ? version
            : element(properties, name);
      const known = found === undefined ? undefined : resolve(found, depth + 1);
      if (known === undefined) isKnown = false;
      return known ?? "";
    });
    return isKnown ? result : undefined;
  };
  const build = element(text, "build") ?? "";
  const plugin = (name: string): string | undefined =>
    [...build.matchAll(/<plugin>.*?<\/plugin>/gs)]
      .map(([item]) => item)
      .find((item) => element(item, "artifactId") === name);
  const named = element(build.replace(/<plugins>.*?<\/plugins>/gs, ""), "finalName");
  const name = resolve(named ?? `${artifact ?? "$"}-${version ?? "${unknown}"}`);
  // A profile, or a parent of the project's own, may change all of it.
  const isPlain = !/<profiles>|<directory>|<outputDirectory>|<classifier>/.test(text);
  if (name === undefined || !isPlain) return { folder, output, jars: [] };
  const isForeignParent =
    parent !== "" && !/<artifactId>\s*spring-boot-starter-parent\s*</.test(parent);
  const kind = element(own, "packaging") ?? "jar";
  // A jar with a class path in its manifest needs the files that are named there.
  const isLinking = /addClasspath|classpathPrefix|Class-Path/.test(text);
  if (isForeignParent || isLinking || !/^(jar|war)$/.test(kind))
    return { folder, output, jars: [] };
  const assembly = plugin("maven-assembly-plugin");
  const shade = plugin("maven-shade-plugin");
  const renames = /<(finalName|outputFile|appendAssemblyId|shadedArtifactAttached)>/;
  if (renames.test(shade ?? "") || renames.test(assembly ?? ""))
    return { folder, output, jars: [] };
  const jars = [`${name}.${kind}`];
  if (
    assembly?.includes("jar-with-dependencies") === true &&
    /<goal>(single|assembly)<\/goal>/.test(assembly)
  )
    jars.push(`${name}-jar-with-dependencies.jar`);
  return { folder, output, jars };
}

/** The content of the first element of a name; only simple names are looked for. */
function element(text: string, name: string): string | undefined {
  const escaped = name.replace(/[.+^${}()|[\]\\*?]/g, "\\$&");
  return new RegExp(`<${escaped}>(.*?)</${escaped}>`, "s").exec(text)?.[1]?.trim();
}

interface GradleFiles {
  readonly settings: string;
  readonly properties: string;
}

/** See docs.gradle.org, “The Java Plugin”, and the pages of Spring Boot's and Shadow's plugins. */
function gradleModule(
  folder: string,
  source: string,
  { settings, properties }: GradleFiles,
): JavaModule {
  const output = `${folder}/build`;
  const text = source.replace(/\/\*.*?\*\//gs, "").replace(/^\s*\/\/.*$/gm, "");
  const project =
    /rootProject\.name\s*=\s*["']([^"'$]+)["']/.exec(settings)?.[1] ??
    folder.slice(folder.lastIndexOf("/") + 1);
  const version =
    /^version\s*=?\s*["']([^"'$]+)["']/m.exec(text)?.[1] ??
    /^version\s*=\s*(\S+)\s*$/m.exec(properties)?.[1];
  const isNamed =
    /archive(s)?(BaseName|FileName|Name|Version|Classifier)|baseName|buildDir|layout\.buildDirectory|libsDirName|destinationDir/.test(
      text,
    );
  const isLinking = /Class-Path/i.test(text);
  if (isNamed || isLinking || /^version\b/m.test(text) !== (version !== undefined))
    return { folder, output, jars: [] };
  const name = version === undefined ? project : `${project}-${version}`;
  const isShadow = /com\.(github\.johnrengelman|gradleup)\.shadow["')]/.test(text);
  return {
    folder,
    output,
    jars: [`libs/${name}.jar`, ...(isShadow ? [`libs/${name}-all.jar`] : [])],
  };
}

/** The innermost module whose output a path lies in. */
export function moduleOf(
  path: string,
  modules: readonly JavaModule[],
): JavaModule | undefined {
  return modules
    .filter(({ output }) => isWithin(path, output))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}
