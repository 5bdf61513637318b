import { globSource } from "../../../dockerfile/glob.ts";
import { smallBaseOf } from "../../../knowledge/image-releases.ts";
import { copiedAt, type CopyStep } from "../../copies.ts";
import type { Effect } from "../../effects.ts";
import { operands, optionValue } from "../../operands.ts";
import { absolutePath, baseName, isWithin } from "../../paths.ts";
import { isRemovedAgain, packageEffect } from "../../package-effect.ts";
import { isSilence, type Artefact, type Finding, type Silence } from "../../plan.ts";
import { neededData } from "../../runtime-data.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { systemFolders } from "../../system-folders.ts";
import { copiedFolders, outermost } from "../folders.ts";
import { importName, installsHelpers, isBuildHelper, whyForBuilding } from "./purpose.ts";
import { dynamicBuild, goRuntime } from "./runtime.ts";
import { readGoSources, type GoSources } from "./sources.ts";
import { fillsProgramFolder, makeEffect, startFolders } from "./trees.ts";
import { linkedPackages } from "../linked.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";

/** Builds Go programs with the go command; see its documentation, `go help build`. */
export const go: Ecosystem = {
  name: "Go",

  isConcerned: ({ commands, image }) =>
    commands.some(
      (command) =>
        makesPrograms(command) ||
        (command.program === "make" &&
          /^(library\/)?golang$/.test(image.repository ?? "")),
    ),

  read(subject) {
    const sources = readGoSources(subject);
    const calls = subject.commands.filter(
      (command) => makesPrograms(command) || fillsProgramFolder(command),
    );
    const purpose = whyForBuilding(subject, sources);
    if (purpose) return purpose;
    const outputs = calls.flatMap((call) =>
      installsHelpers(call, subject) ? [] : outputsOf(call, sources, subject),
    );
    const nameless = outputs.find(({ path }) => path === undefined);
    if (nameless && sources)
      return {
        reason: "the name of the program that it builds can't be told",
        range: nameless.call.range,
      };
    const libraries = librariesOf(subject, sources);
    if (isSilence(libraries)) return libraries;
    const copied = copiedFolders(subject).filter((path) => !systemFolders.has(path));
    const bare = nameless ? [] : copied.filter((path) => holdsCode(path, subject));
    const folders = copied.filter((path) => !bare.includes(path));
    const programs = outputs.flatMap(({ path }) => (path === undefined ? [] : [path]));
    const data = sources ? neededData(subject, (path) => isRead(path, sources)) : folders;
    const trees = sources ? [] : startFolders(subject);
    const all = [...programs, ...data, ...trees.map(({ path }) => path)];
    const artefacts = outermost(all).map((path): Artefact => {
      const call = outputs.findLast((output) => output.path === path)?.call;
      const madeAt =
        call?.range.start ??
        copiedAt(subject.copies, path) ??
        trees.find((tree) => tree.path === path)?.madeAt;
      return {
        path,
        isProgram: call !== undefined,
        ...(madeAt === undefined ? {} : { madeAt }),
      };
    });
    return {
      artefacts,
      buildFolders: caches,
      sourceFolders: sources ? copied : bare,
      effectOf: (command) =>
        effectOf(command) ?? (sources ? undefined : makeEffect(command)),
      searched: [programFolder],
      isBuildPackage: (name) =>
        libraries.headers.includes(name) ||
        (fetchers.test(name) && !sources?.calls.has(`exec "${name}"`)),
      findings: findingsOf(outputs),
      runtime(needs) {
        const runtime = goRuntime(subject, sources, needs, libraries.packages);
        return isSilence(runtime)
          ? runtime
          : { ...runtime, searched: searchedIn(outputs, artefacts, subject) };
      },
    } satisfies EcosystemBuild;
  },
};

const programFolder = "/go/bin";
/** `go help environment`: GOPATH and GOCACHE in the official image. */
const caches: readonly string[] = ["/go/pkg", "/go/src", "/root/go"];
/** What `go get` and `go mod download` call. */
const fetchers = /^(git|mercurial|subversion|bzr|openssh-client)$/;

function makesPrograms({ program, args }: StageCommand): boolean {
  return program === "go-wrapper"
    ? args[0] === "install"
    : program === "go" && /^(build|install|get)$/.test(args[0] ?? "");
}

function effectOf(command: StageCommand): Effect | undefined {
  const { program = "" } = command;
  return isBuildHelper(program) || unpacksToolchain(command)
    ? { kind: "build" }
    : undefined;
}

/** An archive of Go's own, into the folder that go.dev/doc/install names. */
function unpacksToolchain({ program, args, folder, run }: StageCommand): boolean {
  if (program !== "tar") return false;
  const target = optionValue(args, /^(-C|--directory)$/);
  const place = typeof target === "string" ? absolutePath(target, folder) : folder;
  const { text } = run.body;
  const isGo =
    /(golang\.org|go\.dev)\/dl\/|googleapis\.com\/golang\/|\bgo\d[\w.]*\.linux-/.test(
      text,
    );
  // Others in the same RUN could be unpacked to the same place.
  return place === "/usr/local" && isGo && text.match(/\btar\s/g)?.length === 1;
}

/** A copy of nothing but source code into a folder. */
function isCode({ sources }: CopyStep): boolean {
  return sources.every((source) => /(\.go|(^|\/)go\.(mod|sum))$/.test(source));
}

/** Whether only source code is copied to a folder or around it. */
function holdsCode(path: string, { copies }: SplitSubject): boolean {
  return copies.every(
    (copy) =>
      copy.destination === undefined ||
      !(isWithin(copy.destination, path) || isWithin(path, copy.destination)) ||
      (copy.from === undefined && isCode(copy)),
  );
}

interface Libraries {
  readonly packages: readonly string[];
  /** Packages with headers, which the final stage has no use for. */
  readonly headers: readonly string[];
}

/** What programs are linked with; headers that aren't known are installed again instead. */
function librariesOf(
  subject: SplitSubject,
  sources: GoSources | undefined,
): Libraries | Silence {
  const headers = subject.commands.flatMap((command) => {
    const effect = packageEffect(command);
    const names = effect?.kind === "packages" ? effect.names : [];
    return names.filter((name) => name.endsWith("-dev"));
  });
  if (!dynamicBuild(subject, sources)) return { packages: [], headers };
  const small = smallBaseOf(subject.image);
  const linked = small && linkedPackages(subject.commands, small);
  if (!linked || !isSilence(linked)) return { packages: linked ?? [], headers };
  const isLost = headers.some((name) => isRemovedAgain(name, subject.commands));
  return isLost ? linked : { packages: [], headers: [] };
}

/** The official image has this folder in PATH, where programs find each other. */
function searchedIn(
  outputs: readonly Output[],
  artefacts: readonly Artefact[],
  { start }: SplitSubject,
): readonly string[] {
  const inside = outputs.filter(
    ({ path }) => path !== undefined && isWithin(path, programFolder),
  );
  const programs = new Set(
    inside.flatMap(({ call: { args } }) =>
      args
        .slice(1)
        .flatMap((word) =>
          word !== undefined && (args[0] === "install" || word.includes("/cmd/"))
            ? [importName(word.replace(/@.*$/, ""))]
            : [],
        ),
    ),
  );
  const isStarted = start?.commands.some(
    (command) =>
      command.path === undefined ||
      artefacts.some(({ path }) => isWithin(command.path ?? "", path)),
  );
  return programs.size > 1 || (inside.length > 0 && isStarted !== true)
    ? [programFolder]
    : [];
}

interface Output {
  readonly call: StageCommand;
  /** Undefined where the Dockerfile doesn't tell the program's name. */
  readonly path: string | undefined;
}

/** The programs that a call makes; `go help build`, `go help install`, `go help packages`. */
function outputsOf(
  call: StageCommand,
  sources: GoSources | undefined,
  { image, start }: SplitSubject,
): readonly Output[] {
  const [subcommand, ...args] = call.args;
  const unknown = [{ call, path: undefined }];
  const packages = operands(args, valueOptions);
  if (!packages) return unknown;
  if (subcommand === "get" && args.includes("-d")) return [];
  if (call.program === "make") return [{ call, path: programFolder }];
  if (call.program === "go-wrapper") {
    const name = call.folder === undefined ? undefined : baseName(call.folder);
    return [{ call, path: name === undefined ? undefined : `/go/bin/${name}` }];
  }
  const names = sources && programNames(packages, call, sources);
  const output = optionValue(args, /^--?o$/);
  if (output === null) return unknown;
  if (subcommand === "build") {
    // Without -o, several packages are only compiled.
    if (output === undefined && packages.length > 1 && !packages[0]?.endsWith(".go"))
      return [];
    if (output === "/dev/null") return [];
    const target = absolutePath(output ?? ".", call.folder);
    if (target === undefined) return unknown;
    if (output !== undefined && !/(^|\/)\.{0,2}\/?$/.test(output))
      return [{ call, path: target }];
    return (names ?? [undefined]).map((name) => ({
      call,
      path: name === undefined ? undefined : `${target}/${name}`,
    }));
  }
  const folder = absolutePath(
    call.variable("GOBIN") ?? `${call.variable("GOPATH") ?? "/root/go"}/bin`,
    "/",
  );
  if (folder === undefined) return unknown;
  if (names) return names.map((name) => ({ call, path: `${folder}/${name}` }));
  // Of a library nothing is installed. The official image has the folder in any case.
  if (/(^|\/)golang$/.test(image.repository ?? "") && folder === "/go/bin")
    return [{ call, path: folder }];
  return (start?.commands ?? []).flatMap(({ path }) =>
    path !== undefined && isWithin(path, folder) ? [{ call, path }] : [],
  );
}

const valueOptions: readonly string[] = (
  "-o -p -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix -ldflags -mod " +
  "-modfile -overlay -pkgdir -tags -toolexec -covermode -coverpkg -C"
).split(" ");

/** Undefined where the files would have to be read, and aren't there. */
function programNames(
  packages: readonly string[],
  { folder }: StageCommand,
  sources: GoSources | undefined,
): readonly string[] | undefined {
  const [first = "."] = packages;
  if (first.endsWith(".go")) return [baseName(first).replace(/\.go$/, "")];
  const named = packages.length === 0 ? ["."] : packages;
  const names = named.map((name) => {
    const path = name.replace(/@.*$/, "");
    if (!path.startsWith(".")) return path.endsWith("...") ? undefined : importName(path);
    const target = absolutePath(path, folder);
    if (target === undefined || !sources) return undefined;
    if (path.endsWith("/...")) return undefined;
    const module = sources.modules.get(target);
    return module === undefined ? baseName(target) : importName(module);
  });
  return names.every((name) => name !== undefined)
    ? names
    : allMains(named, folder, sources);
}

/** The programs of `./...`. */
function allMains(
  named: readonly string[],
  folder: string | undefined,
  sources: GoSources | undefined,
): readonly string[] | undefined {
  const [only] = named;
  if (!sources || named.length !== 1 || !only?.endsWith("...")) return undefined;
  const root = absolutePath(only.slice(0, -3), folder);
  if (root === undefined) return undefined;
  return [...sources.mains]
    .filter((main) => isWithin(main, root))
    .map((main) => importName(sources.modules.get(main) ?? main));
}

/** Whether the program may read a file: neither source code nor embedded alone. */
function isRead(path: string, { embedded, strings }: GoSources): boolean {
  if (
    /\.(go|mod|sum|work|c|h|cc|cpp|s|proto|y|l)$/.test(path) ||
    path.includes("/vendor/")
  )
    return false;
  const isEmbedded = [...embedded].some((pattern) =>
    new RegExp(`^${globSource(pattern)}(/|$)`).test(path),
  );
  if (!isEmbedded) return true;
  const name = baseName(path);
  return strings.some(({ text }) => text.includes(`/${name}`));
}

function findingsOf(outputs: readonly Output[]): readonly Finding[] {
  return outputs.map(({ call, path }) => ({
    topic: "artefact",
    text: path ?? "a program whose name the Dockerfile doesn't tell",
    evidence: call.range,
  }));
}
