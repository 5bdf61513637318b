import { globSource } from "../../../dockerfile/glob.ts";
import { copiedAt } from "../../copies.ts";
import type { Effect } from "../../effects.ts";
import { operands, optionValue } from "../../operands.ts";
import { absolutePath, baseName, isWithin } from "../../paths.ts";
import type { Artefact, Finding, Silence } from "../../plan.ts";
import { neededData } from "../../runtime-data.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { systemFolders } from "../../system-folders.ts";
import { copiedFolders, outermost } from "../folders.ts";
import { goRuntime } from "./runtime.ts";
import { readGoSources, type GoSources } from "./sources.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";

/** Builds Go programs with the go command; see its documentation, `go help build`. */
export const go: Ecosystem = {
  name: "Go",

  isConcerned: ({ commands }) => commands.some(makesPrograms),

  read(subject) {
    const sources = readGoSources(subject);
    const calls = subject.commands.filter(makesPrograms);
    const plugins = whyPlugins(subject, sources);
    if (plugins) return plugins;
    const outputs = calls.flatMap((call) => outputsOf(call, sources, subject));
    const nameless = outputs.find(({ path }) => path === undefined);
    if (nameless && sources)
      return {
        reason: "the name of the program that it builds can't be told",
        range: nameless.call.range,
      };
    const folders = copiedFolders(subject).filter((path) => !systemFolders.has(path));
    const programs = outputs.flatMap(({ path }) => (path === undefined ? [] : [path]));
    const data = sources ? neededData(subject, (path) => isRead(path, sources)) : folders;
    const artefacts = outermost([...programs, ...data]).map((path): Artefact => {
      const call = outputs.findLast((output) => output.path === path)?.call;
      const madeAt = call?.range.start ?? copiedAt(subject.copies, path);
      return {
        path,
        isProgram: call !== undefined,
        ...(madeAt === undefined ? {} : { madeAt }),
      };
    });
    return {
      artefacts,
      buildFolders: caches,
      sourceFolders: sources ? folders : [],
      effectOf,
      searched: ["/go/bin"],
      isBuildPackage: (name) =>
        fetchers.test(name) && !sources?.calls.has(`exec "${name}"`),
      findings: findingsOf(outputs),
      runtime: (needs) => goRuntime(subject, sources, needs),
    } satisfies EcosystemBuild;
  },
};

/** `go help environment`: GOPATH and GOCACHE in the official image. */
const caches: readonly string[] = ["/go/pkg", "/go/src", "/root/go"];
/** What `go get` and `go mod download` call. */
const fetchers = /^(git|mercurial|subversion|bzr|openssh-client)$/;

function makesPrograms({ program, args }: StageCommand): boolean {
  return program === "go-wrapper"
    ? args[0] === "install"
    : program === "go" && /^(build|install|get)$/.test(args[0] ?? "");
}

function whyPlugins(
  { commands, stage }: SplitSubject,
  sources: GoSources | undefined,
): Silence | undefined {
  const plugin = commands.find(({ args }) => args.includes("-buildmode=plugin"));
  if (plugin)
    return {
      reason: "it builds plugins, which are loaded at run time",
      range: plugin.range,
    };
  const loader = sources?.calls.get("plugin.Open");
  return (
    loader && {
      reason: `${loader.file}:${loader.line} loads plugins at run time`,
      range: stage.from.range,
    }
  );
}

/**
 * Programs that fetch modules, write Go files or check them: dep, glide, godep, govendor and
 * gvt before modules, generators, linters.
 */
const helpers =
  /^(go|gofmt|goimports|dep|glide|godep|govendor|gvt|trash|go-wrapper|go-bindata|statik|packr2?|swag|wire|mockgen|stringer|protoc|buf|sqlc|templ|goa|easyjson|esc|rice|golint|golangci-lint|staticcheck|ginkgo|gotestsum|richgo|errcheck|govulncheck)$/;

function effectOf({ program = "" }: StageCommand): Effect | undefined {
  return helpers.test(program) ? { kind: "build" } : undefined;
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

/** The last element of an import path, its major version aside (golang.org/ref/mod). */
function importName(path: string): string {
  return baseName(path.replace(/\/v\d+$/, ""));
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
