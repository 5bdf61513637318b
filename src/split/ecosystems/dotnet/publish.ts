import { operands, optionValue } from "../../operands.ts";
import { absolutePath, baseName, folderOf } from "../../paths.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";

/** Options of `dotnet publish` with a value (learn.microsoft.com, dotnet publish). */
const valueOptions: readonly string[] =
  "-c --configuration -o --output -f --framework -r --runtime -v --verbosity --manifest -a --arch --os --version-suffix -s --source --tl --artifacts-path".split(
    " ",
  );

export function isPublish({ program, args }: StageCommand): boolean {
  return program === "dotnet" && args[0] === "publish";
}

/**
 * The folder that a call publishes to, where it names one.
 *
 * @param major the SDK's version; up to 2 a relative folder counts from the project's
 * @returns undefined where it can't be told, null where the default applies
 */
export function outputOf(
  command: StageCommand,
  subject: SplitSubject,
  major: number,
): string | undefined | null {
  const output = optionValue(command.args, /^(-o|--output)$/);
  const isElsewhere = command.args.some((word) =>
    /PublishDir|OutputPath|artifacts-path/i.test(word ?? ""),
  );
  if (output === null || isElsewhere) return undefined;
  if (output === undefined) return null;
  if (output.startsWith("/")) return absolutePath(output, "/");
  const folder = major >= 3 ? command.folder : projectFolder(command, subject);
  return folder === undefined ? undefined : absolutePath(output, folder);
}

/** Where the project lies that a call names, or the only one in the folder of the moment. */
export function projectFolder(
  { args, folder }: StageCommand,
  { copies }: SplitSubject,
): string | undefined {
  const words = operands(args.slice(1), valueOptions)?.filter(
    (word) => !/^(true|false)$/.test(word) && !/^\/\w+[:=]/.test(word),
  );
  if (!words || words.length > 1) return undefined;
  const [named] = words;
  if (named !== undefined) {
    if (/\.slnx?$/.test(named)) return undefined;
    const path = absolutePath(named, folder);
    return path !== undefined && /\.\w+proj$/.test(named) ? folderOf(path) : path;
  }
  // A project that was copied there by itself.
  const isThere = copies.some(
    ({ sources, destination }) =>
      destination === folder && sources.some((source) => /\.\w+proj$/.test(source)),
  );
  return isThere ? folder : undefined;
}

/** `bin/<configuration>/<framework>[/<runtime>]/publish`, seen from a project's folder. */
export function isDefaultOutput(path: string, project: string, version: string): boolean {
  const rest = path.startsWith(`${project}/`) ? path.slice(project.length + 1) : "";
  const parts = rest.split("/");
  const [bin, configuration, framework] = parts;
  return (
    bin === "bin" &&
    /^(Release|Debug)$/.test(configuration ?? "") &&
    (framework === `net${version}` || framework === `netcoreapp${version}`) &&
    (parts.length === 4 || parts.length === 5) &&
    baseName(path) === "publish"
  );
}

/** Whether the default configuration of a call is the one in the path of its output. */
export function hasConfiguration(
  path: string,
  { args }: StageCommand,
  major: number,
): boolean {
  const named = optionValue(args, /^(-c|--configuration)$/);
  const expected = named === undefined ? (major >= 8 ? "Release" : "Debug") : named;
  return path.includes(`/bin/${expected ?? "?"}/`);
}
