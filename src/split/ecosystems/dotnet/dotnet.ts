import { stateAtEnd } from "../../../dockerfile/state.ts";
import { dotnetRuntimeOf, type DotnetRuntime } from "../../../knowledge/dotnet-images.ts";
import type { Effect } from "../../effects.ts";
import { absolutePath, folderOf, isWithin } from "../../paths.ts";
import type { Artefact, Silence } from "../../plan.ts";
import { neededData } from "../../runtime-data.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { StartedCommand } from "../../start.ts";
import type { SplitSubject } from "../../subject.ts";
import { copiedFolders, outermost, shippable } from "../folders.ts";
import { madeFiles } from "../made-files.ts";
import type { Ecosystem, EcosystemBuild, Runtime } from "../types.ts";
import { whyUserMissing } from "../users.ts";
import { isBuildFile, projectOf, readProjects, type Projects } from "./projects.ts";
import {
  hasConfiguration,
  isDefaultOutput,
  isPublish,
  outputOf,
  projectFolder,
} from "./publish.ts";

/** Publishes .NET programs with the dotnet command; see its documentation. */
export const dotnet: Ecosystem = {
  name: ".NET",

  isConcerned: ({ commands }) => commands.some(isBuild),

  read(subject) {
    const { stage, image, start } = subject;
    const silence = (reason: string, range = stage.from.range): Silence => ({
      reason,
      range,
    });
    const building = whyStartsSdk(subject);
    if (building) return building;
    const images = dotnetRuntimeOf(image);
    if (!images)
      return silence("no image with a .NET runtime alone is known for this one");
    const publishing = subject.commands.filter(isPublish);
    const [first] = publishing;
    if (!first)
      return silence("what is built but not published runs from the SDK's packages");
    const projects = readProjects(subject);
    if (projects?.obstacle) {
      const { file, line, text } = projects.obstacle;
      return silence(`${file}:${line} uses ${text}: it may need more than a runtime`);
    }
    const user = whyUserMissing(subject, images.major >= 8 ? ["app", "$APP_UID"] : []);
    if (user) return user;
    const started = (start?.commands ?? []).flatMap(startedFile);
    const outputs = publishing.map((call) => placeOf(call, started, subject, images));
    const unknown = publishing.find((_, index) => outputs[index] === undefined);
    if (unknown) return silence("where this publishes to can't be told", unknown.range);
    const places = outputs.flatMap((path) => path ?? []);
    const target = whyOtherTarget(started, projects, images, subject);
    if (target) return target;
    if (!places.every(shippable))
      return silence("it publishes among other files of the image", first.range);
    const data = outermost([...places, ...dataOf(subject, places, projects)]);
    const artefacts = data.map((path): Artefact => {
      const call = publishing.findLast((_, index) => outputs[index] === path);
      return { path, ...(call ? { madeAt: call.range.start } : {}) };
    });
    const folders = sourceFolders(subject);
    return {
      artefacts,
      buildFolders: caches,
      sourceFolders: folders.filter((path) => !places.includes(path)),
      effectOf,
      isBuildPackage: (name) => /^(git|clang|zlib1g-dev|zlib-dev)$/.test(name),
      provides: (program) => program === "dotnet",
      opened: (command) => whatOpens(command) ?? [],
      findings: places.map((text) => ({
        topic: "artefact",
        text,
        evidence: first.range,
      })),
      runtime: () => runtimeFor(subject, images, projects),
    } satisfies EcosystemBuild;
  },
};

const caches: readonly string[] = [
  "/root/.nuget",
  "/root/.dotnet",
  "/root/.local/share/NuGet",
];

function isBuild({ program, args }: StageCommand): boolean {
  return program === "dotnet" && /^(publish|build|msbuild|restore)$/.test(args[0] ?? "");
}

/** Subcommands that leave nothing outside of the folders of projects and the caches. */
function effectOf({ program = "", args }: StageCommand): Effect | undefined {
  return program === "dotnet" &&
    /^(add|build|clean|format|list|msbuild|new|nuget|publish|restore|sln|test|tool)$/.test(
      args[0] ?? "",
    )
    ? { kind: "build" }
    : undefined;
}

/** The file that a command runs, by `dotnet` or by itself. */
function startedFile(command: StartedCommand): readonly string[] {
  return command.path === undefined ? (whatOpens(command) ?? []) : [command.path];
}

/** What `dotnet` runs; undefined for what it doesn't run by itself or can't be told. */
function whatOpens({
  program,
  args,
  folder,
}: StartedCommand): readonly string[] | undefined {
  if (program !== "dotnet") return [];
  const [first] = args[0] === "exec" ? args.slice(1) : args;
  if (!first?.endsWith(".dll")) return undefined;
  const path = absolutePath(first, folder);
  return path === undefined ? undefined : [path];
}

function whyStartsSdk({ start }: SplitSubject): Silence | undefined {
  const command = start?.commands.find((item) => whatOpens(item) === undefined);
  if (!start || !command) return undefined;
  const { args, evidence } = command;
  return {
    reason: `“dotnet ${args[0] ?? "…"}” starts, which may need the SDK`,
    range: "file" in evidence ? start.instruction.range : evidence,
  };
}

/** The folder that a call publishes to; undefined where it can't be told. */
function placeOf(
  call: StageCommand,
  started: readonly string[],
  subject: SplitSubject,
  { major, version }: DotnetRuntime,
): string | undefined {
  const output = outputOf(call, subject, major);
  if (output !== null) return output;
  const project = projectFolder(call, subject) ?? call.folder;
  return started
    .map(folderOf)
    .find(
      (path) =>
        project !== undefined &&
        isDefaultOutput(path, project, version) &&
        hasConfiguration(path, call, major),
    );
}

/** Folders with projects; what is copied elsewhere is copied again. */
function sourceFolders(subject: SplitSubject): readonly string[] {
  const projects = subject.commands
    .filter(isBuild)
    .flatMap((command) => projectFolder(command, subject) ?? command.folder ?? []);
  return copiedFolders(subject)
    .filter(shippable)
    .filter((path) =>
      projects.some((project) => isWithin(project, path) || isWithin(path, project)),
    );
}

/** What the program may read beside what is published. */
function dataOf(
  subject: SplitSubject,
  places: readonly string[],
  projects: Projects | undefined,
): readonly string[] {
  const folders = sourceFolders(subject);
  const { folder } = subject.around(undefined);
  const isInside = folder !== undefined && places.some((path) => isWithin(folder, path));
  // Relative paths, such as those of settings and static files, then lead there alone.
  if (isInside && !(projects?.code.includes("../") ?? false)) return [];
  if (!projects) return folders;
  const isNeeded = (path: string): boolean =>
    !isBuildFile(path) && !places.some((place) => isWithin(path, place));
  return [
    ...neededData(
      subject,
      (path) => folders.some((one) => isWithin(path, one)) && isNeeded(path),
    ),
    ...madeFiles(subject, folders, isNeeded),
  ].filter((path) => !places.some((place) => isWithin(place, path)));
}

/** A program for another version of .NET than the image's would not start on the runtime. */
function whyOtherTarget(
  started: readonly string[],
  projects: Projects | undefined,
  { version }: DotnetRuntime,
  { stage }: SplitSubject,
): Silence | undefined {
  if (!projects) return undefined;
  for (const path of started) {
    const project = projectOf(path, projects);
    const [target] = project?.targets ?? [];
    if (target === undefined) continue;
    const isSame = project?.targets.some((name) =>
      [`net${version}`, `netcoreapp${version}`].includes(name),
    );
    if (isSame !== true)
      return {
        reason: `the program is for ${target}, and the image for ${version}`,
        range: stage.from.range,
      };
  }
  return undefined;
}

/** `--self-contained`, and nothing that `dotnet` starts. */
function bringsRuntime({ commands, start }: SplitSubject): boolean {
  return (
    start?.commands.every(({ program }) => program !== "dotnet") === true &&
    commands
      .filter(isPublish)
      .every(({ args }) =>
        args.some(
          (word, index) =>
            /^(--self-contained|--sc)(=true)?$/.test(word ?? "") &&
            args[index + 1] !== "false",
        ),
      )
  );
}

function runtimeFor(
  subject: SplitSubject,
  { aspnet, plain, bare, family, major, version }: DotnetRuntime,
  projects: Projects | undefined,
): Runtime | Silence {
  const { stage, dockerfile, start } = subject;
  const { env } = stateAtEnd(stage, dockerfile);
  const usesWeb = projects?.all.some((project) => project.usesWeb) ?? true;
  const isNamed = start?.commands.some(({ args }) =>
    args.some((word) => word?.startsWith("--urls")),
  );
  // The image of an SDK up to 7 takes back the address that the runtime's sets.
  const takesBack =
    usesWeb && major >= 3 && major < 8 && !env.has("ASPNETCORE_URLS") && isNamed !== true;
  const invariant = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";
  const needsIcu =
    family === "alpine" &&
    !env.has(invariant) &&
    !(projects?.all.some(({ isInvariant }) => isInvariant) ?? false);
  if (needsIcu && major < 8)
    return {
      reason: "the runtime's image has neither ICU nor a locale, which the SDK's has",
      range: stage.from.range,
    };
  return {
    base: {
      family,
      image: bringsRuntime(subject)
        ? (bare ?? aspnet)
        : usesWeb
          ? aspnet
          : (plain ?? aspnet),
      workdir: "/",
      hasShell: true,
      ...(needsIcu ? { comment: "ICU and time zones as in the image of the SDK" } : {}),
      ...(takesBack ? { comment: "the program chooses its address as before" } : {}),
    },
    artefacts: [],
    packages: needsIcu ? ["icu-data-full", "icu-libs", "tzdata"] : [],
    variables: [
      ...(needsIcu ? [[invariant, "false"] as const] : []),
      ...(takesBack ? [["ASPNETCORE_URLS", ""] as const] : []),
    ],
    findings: [],
    assumptions: projects
      ? []
      : [
          `Without the build context at hand, the program is taken to be for .NET ${version}; check that it calls no other program and reads nothing from elsewhere in the image.`,
        ],
  };
}
