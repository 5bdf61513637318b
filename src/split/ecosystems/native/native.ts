import { smallBaseOf } from "../../../knowledge/image-releases.ts";
import { commonEffect } from "../../effects.ts";
import { isSilence, type Artefact, type Silence } from "../../plan.ts";
import { isWithin } from "../../paths.ts";
import { neededData } from "../../runtime-data.ts";
import { searchedFolders } from "../../search-path.ts";
import type { SplitSubject } from "../../subject.ts";
import { systemFolders } from "../../system-folders.ts";
import { copiedFolders, outermost } from "../folders.ts";
import { linkedPackages } from "../linked.ts";
import { imageLibraries } from "./image-libraries.ts";
import {
  buildEffect,
  buildFolders,
  isCompiler,
  isInstallation,
  makesPrograms,
  outputsOf,
} from "./build.ts";
import { readNativeSources, whyDynamic } from "./sources.ts";
import type { Ecosystem, Runtime, RuntimeNeeds } from "../types.ts";

/** Builds programs of C and C++: compilers by name, make, CMake, Meson, autotools. */
export const native: Ecosystem = {
  name: "C or C++",

  isConcerned: ({ commands, image }) =>
    /(^|\/)(gcc|debian|ubuntu|alpine|buildpack-deps)$/.test(image.repository ?? "") &&
    commands.some(makesPrograms),

  read(subject) {
    const { stage, image } = subject;
    const silence = (reason: string): Silence => ({ reason, range: stage.from.range });
    const small = smallBaseOf(image);
    if (!small) return silence("which distribution the image is made from can't be told");
    const sources = readNativeSources(subject);
    const why = whyDynamic(subject, sources);
    if (why) return why;
    const hasLibraries = /(^|\/)(gcc|buildpack-deps)$/.test(image.repository ?? "");
    const made = outputsOf(subject, hasLibraries);
    if (isSilence(made)) return made;
    const searched = searchedBuilds(subject, sources !== undefined);
    const programs = [
      ...made,
      ...startedPrograms(subject, made),
      ...searched.flatMap(({ builds }) => builds),
    ];
    if (programs.length === 0 && !takesOut(subject))
      return silence("which programs it builds can't be told");
    const copied = copiedFolders(subject).filter((path) => !systemFolders.has(path));
    const data = sources ? neededData(subject, (path) => sources.isRead(path)) : copied;
    const artefacts = outermost([...programs.map(({ path }) => path), ...data]).map(
      (path): Artefact => programs.find((item) => item.path === path) ?? { path },
    );
    const installed = linkedPackages(subject.commands, small);
    if (isSilence(installed)) return installed;
    const own = hasLibraries
      ? imageLibraries(subject, sources, small)
      : { packages: [], needsCertificates: false };
    if (isSilence(own)) return own;
    // A build that can't be read may link OpenMP's library, which comes with the compiler.
    const openMp = sources || made.length > 0 ? [] : [openMpLibrary[small.family]];
    const isInstalled = made.some(({ isProgram }) => isProgram !== true);
    return {
      artefacts,
      buildFolders: isInstalled ? buildFolders(subject, artefacts, copied) : [],
      sourceFolders: sources ? copied : [],
      effectOf: buildEffect,
      searched: searched.map(({ folder }) => folder),
      provides: (program) => installsProgram(program, subject),
      isBuildPackage: (name) => forBuilding.test(name),
      findings: programs.map(({ path }) => ({
        topic: "artefact",
        text: path,
        evidence: stage.from.range,
      })),
      runtime: (needs) =>
        runtimeFor(subject, [...installed, ...own.packages, ...openMp], needs, {
          needsCertificates: own.needsCertificates,
          isInstalled: made.some(({ path }) => path === "/usr/local"),
        }),
    };
  },
};

/** packages.debian.org, packages.ubuntu.com, pkgs.alpinelinux.org */
const openMpLibrary = {
  alpine: "libgomp",
  debian: "libgomp1",
  ubuntu: "libgomp1",
} as const;

const forBuilding =
  /(-dev|-headers)$|^(git|subversion|texinfo|help2man|gettext|autopoint|intltool|scons|ccache|gdb|valgrind|chrpath|gperf|ragel|re2c|swig|doxygen)$/;

/** Whether what was built is put elsewhere by a command of its own, e.g. `cp` behind `make`. */
function takesOut({ commands }: SplitSubject): boolean {
  const builds = commands.filter(makesPrograms);
  return commands.some((command) => {
    const effect = commonEffect(command);
    const { from = [], paths } = effect.kind === "content" ? effect : { paths: [] };
    return builds.some(
      ({ folder, range }) =>
        folder !== undefined &&
        !systemFolders.has(folder) &&
        range.start < command.range.start &&
        from.some((path) => isWithin(path, folder)) &&
        !paths.some((path) => isWithin(path, folder)),
    );
  });
}

/** What starts out of a folder of the build, and is no file of the build context. */
function startedPrograms(
  { commands, start, files }: SplitSubject,
  made: readonly Artefact[],
): readonly Artefact[] {
  const builds = commands.filter(
    (command) =>
      makesPrograms(command) && !isInstallation(command) && !isCompiler(command.program),
  );
  const last = builds.at(-1);
  return (start?.commands ?? []).flatMap(({ path }) =>
    last &&
    path !== undefined &&
    !files.has(path) &&
    !made.some((item) => isWithin(path, item.path)) &&
    builds.some(({ folder }) => folder !== undefined && isWithin(path, folder))
      ? [{ path, isProgram: true, madeAt: last.range.start }]
      : [],
  );
}

/**
 * Whether a program is installed to a folder of the default PATH, judging by the folder of its
 * sources, `<name>-<version>` (GNU Coding Standards, "Making Releases").
 */
function installsProgram(program: string, { commands }: SplitSubject): boolean {
  const name = new RegExp(`^${program.replace(/[^\w-]/g, "\\$&")}(-?v?\\d|$)`);
  return commands.some(
    (command) =>
      isInstallation(command) &&
      command.folder?.split("/").some((part) => name.test(part)) === true,
  );
}

interface SearchedBuild {
  /** On PATH. */
  readonly folder: string;
  readonly builds: readonly Artefact[];
}

/**
 * Folders on PATH that lie in those of builds, for what is started by its name alone: the
 * programs, or the folder of the build where it isn't known what they read there.
 */
function searchedBuilds(
  subject: SplitSubject,
  hasSources: boolean,
): readonly SearchedBuild[] {
  const { commands, start } = subject;
  const names = (start?.commands ?? []).flatMap(({ path, program }) =>
    path === undefined && program !== undefined ? program : [],
  );
  const builds = commands.filter(
    (command) => makesPrograms(command) && !isCompiler(command.program),
  );
  const [folder, ...others] = searchedFolders(subject).flatMap((path) => {
    const last = builds.findLast(
      (command) =>
        command.folder !== undefined &&
        !systemFolders.has(command.folder) &&
        isWithin(path, command.folder),
    );
    return last?.folder === undefined
      ? []
      : [{ path, place: last.folder, madeAt: last.range.start }];
  });
  if (!folder || names.length === 0) return [];
  const { path, place, madeAt } = folder;
  const isNamed = hasSources && names.length === 1 && others.length === 0;
  return [
    {
      folder: path,
      builds: isNamed
        ? names.map((name) => ({ path: `${path}/${name}`, isProgram: true, madeAt }))
        : [{ path: place, madeAt }],
    },
  ];
}

function runtimeFor(
  { image, stage, context }: SplitSubject,
  libraries: readonly string[],
  needs: RuntimeNeeds,
  { needsCertificates, isInstalled }: Readonly<Record<string, boolean>>,
): Runtime | Silence {
  const small = smallBaseOf(image);
  const { range } = stage.from;
  if (!small)
    return { reason: "which distribution the image is made from can't be told", range };
  const isAlpine = small.family === "alpine";
  const wantsCertificates =
    needsCertificates === true && !needs.packages.includes("ca-certificates");
  return {
    base: { family: small.family, image: small.image, workdir: "/", hasShell: true },
    artefacts: wantsCertificates ? [{ path: "/etc/ssl/certs/ca-certificates.crt" }] : [],
    // Debian's and Ubuntu's images have libstdc++, which apt needs.
    packages: [...new Set([...libraries, ...(isAlpine ? ["libgcc", "libstdc++"] : [])])],
    refresh: isInstalled === true && !isAlpine ? ["ldconfig"] : [],
    findings: libraries.map((text) => ({ topic: "need", text, evidence: range })),
    assumptions: context
      ? []
      : [
          "Without the build context at hand, everything that is copied in is shipped; check that the program needs nothing from elsewhere in the image.",
        ],
  };
}
