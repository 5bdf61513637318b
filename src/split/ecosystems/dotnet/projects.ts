import type { SplitSubject } from "../../subject.ts";
import { baseName, folderOf } from "../../paths.ts";

/** A project by what its file in the build context says. */
interface Project {
  /** Absolute, in the image. */
  readonly path: string;
  /** The name of the program that it makes. */
  readonly assembly: string;
  /** `TargetFramework` or `TargetFrameworks`; empty where they stand elsewhere. */
  readonly targets: readonly string[];
  readonly usesWeb: boolean;
  /** It works with the same culture everywhere, without ICU. */
  readonly isInvariant: boolean;
}

/** What the build context tells of a .NET program. */
export interface Projects {
  readonly all: readonly Project[];
  /** Something that the runtime's image can't do, or another program. */
  readonly obstacle: CodePlace | undefined;
  /** Program code as one text. */
  readonly code: string;
}

interface CodePlace {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** @returns undefined where there is no build context, or it holds no project */
export function readProjects({ context, files }: SplitSubject): Projects | undefined {
  if (!context) return undefined;
  const all: Project[] = [];
  const code: string[] = [];
  let obstacle: CodePlace | undefined;
  for (const [path, file] of files) {
    const isProject = /\.(cs|fs|vb)proj$/.test(path);
    if (!isProject && !/\.(cs|fs|vb|cshtml|razor|props|targets)$/.test(path)) continue;
    const text = context.read(file) ?? "";
    code.push(text);
    obstacle ??= findObstacle(text, file);
    if (isProject) all.push(readProject(path, text));
  }
  return all.length === 0 ? undefined : { all, obstacle, code: code.join("\n") };
}

/**
 * What calls other programs, compiles at run time with the SDK's files, or puts the output
 * elsewhere (learn.microsoft.com: MSBuild Locator, Razor file compilation, artifacts output).
 */
const obstacles =
  /\bProcess\.Start\b|\bnew ProcessStartInfo\b|\bMSBuildLocator\b|\bMvc\.Razor\.RuntimeCompilation\b|\bSpaServices\b|\bNodeServices\b|<(UseArtifactsOutput|ArtifactsPath|PublishDir|OutputPath|BaseOutputPath)>/;

function findObstacle(text: string, file: string): CodePlace | undefined {
  const match = obstacles.exec(text);
  if (!match) return undefined;
  const line = text.slice(0, match.index).split("\n").length;
  return { file, line, text: match[0].replace(/[<>]/g, "") };
}

function readProject(path: string, source: string): Project {
  const text = source.replace(/<!--.*?-->/gs, "");
  const property = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.trim();
  const named = property("AssemblyName");
  const targets = property("TargetFrameworks") ?? property("TargetFramework") ?? "";
  return {
    path,
    assembly:
      named !== undefined && !named.includes("$")
        ? named
        : baseName(path).replace(/\.\w+$/, ""),
    targets: targets.includes("$")
      ? []
      : targets.split(";").filter((name) => name !== ""),
    usesWeb:
      /Sdk="Microsoft\.NET\.Sdk\.(Web|Razor|BlazorWebAssembly)"|\bMicrosoft\.AspNetCore\b/.test(
        text,
      ),
    isInvariant: property("InvariantGlobalization")?.toLowerCase() === "true",
  };
}

/** The project that makes a program, by the name of its file. */
export function projectOf(path: string, { all }: Projects): Project | undefined {
  const name = baseName(path).replace(/\.(dll|exe)$/, "");
  return all.find(({ assembly }) => assembly === name);
}

/** Whether a program has no use for a file: code, and what describes projects. */
export function isBuildFile(path: string): boolean {
  return (
    /\.(cs|fs|vb|csproj|fsproj|vbproj|sln|slnx|props|targets|razor|cshtml|resx|user|nuspec|ruleset)$/i.test(
      path,
    ) ||
    /^(global\.json|nuget\.config|packages\.lock\.json|launchSettings\.json)$/i.test(
      baseName(path),
    ) ||
    /\/(obj|bin)$/.test(folderOf(path)) ||
    /\/(obj|bin)\//.test(path)
  );
}
