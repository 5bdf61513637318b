import { smallBaseOf } from "../../../knowledge/image-releases.ts";
import { libraryPackages } from "../../../knowledge/library-packages.ts";
import type { Effect } from "../../effects.ts";
import { operands, optionValue } from "../../operands.ts";
import { absolutePath, baseName, folderOf, isWithin } from "../../paths.ts";
import { isSilence, type Artefact, type Silence } from "../../plan.ts";
import { neededData } from "../../runtime-data.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { systemFolders } from "../../system-folders.ts";
import { copiedFolders } from "../folders.ts";
import { linkedPackages } from "../linked.ts";
import { readCrates, type Crates } from "./sources.ts";
import type { Ecosystem, Runtime } from "../types.ts";

/** Builds Rust programs with cargo; see the Cargo Book, `cargo build` and `cargo install`. */
export const rust: Ecosystem = {
  name: "Rust",

  isConcerned: ({ commands }) => commands.some(makesPrograms),

  read(subject) {
    const crates = readCrates(subject);
    const calls = subject.commands.filter(makesPrograms);
    const outputs = calls.flatMap((call) => outputsOf(call, crates, subject));
    const [first] = calls;
    if (outputs.length === 0 && first)
      return {
        reason: "which programs it builds can't be told",
        range: first.range,
      };
    const folders = copiedFolders(subject).filter((path) => !systemFolders.has(path));
    const data = crates ? neededData(subject, (path) => isRead(path, crates)) : [];
    const artefacts = [
      ...outputs,
      ...data
        .filter((path) => !outputs.some((output) => isWithin(output.path, path)))
        .map((path): Artefact => ({ path })),
    ];
    const libraries = librariesOf(subject, crates);
    if (isSilence(libraries)) return libraries;
    return {
      artefacts,
      buildFolders: ["/usr/local/cargo", "/root/.cargo", "/usr/local/rustup"],
      sourceFolders: crates ? folders : [],
      copiedAgain: crates ? [] : folders,
      effectOf: ({ program = "" }): Effect | undefined =>
        /^(cargo|rustup|rustc)$/.test(program) ? { kind: "build" } : undefined,
      searched: ["/usr/local/cargo/bin"],
      isBuildPackage: (name) =>
        /-dev(=|$)|^(git|ca-certificates|protobuf-compiler|musl-tools)$/.test(name),
      findings: outputs.map(({ path }) => ({
        topic: "artefact",
        text: path,
        evidence: first?.range ?? subject.stage.from.range,
      })),
      runtime: (needs) => runtimeFor(subject, calls, libraries, crates, needs),
    };
  },
};

function makesPrograms({ program, args }: StageCommand): boolean {
  return (
    program === "cargo" && args.some((word) => /^(build|b|install)$/.test(word ?? ""))
  );
}

const valueOptions: readonly string[] =
  "--bin -p --package --target --target-dir --profile --features -F --manifest-path --path --root -j --jobs --version --git --branch --tag --rev -Z --config --color --registry --exclude".split(
    " ",
  );

function outputsOf(
  call: StageCommand,
  crates: Crates | undefined,
  { start }: SplitSubject,
): readonly Artefact[] {
  const { args, folder } = call;
  const words = operands(args, valueOptions)?.filter((word) => !word.startsWith("+"));
  const option = (name: RegExp): string | undefined =>
    optionValue(args, name) ?? undefined;
  const [subcommand, ...names] = words ?? [];
  const made = (paths: readonly string[]): readonly Artefact[] =>
    paths.map((path) => ({ path, madeAt: call.range.start, isProgram: true }));
  const startedIn = (place: string): readonly string[] =>
    (start?.commands ?? []).flatMap(({ path }) =>
      path !== undefined && folderOf(path) === place ? [path] : [],
    );
  if (subcommand === undefined) return [];
  if (subcommand === "install") {
    const root = option(/^--root$/) ?? call.variable("CARGO_HOME") ?? "/root/.cargo";
    const place = absolutePath(`${root}/bin`, folder);
    if (place === undefined) return [];
    const path = option(/^--path$/);
    const source = path === undefined ? undefined : absolutePath(path, folder);
    const known = source === undefined ? undefined : crates?.programs.get(source);
    if (known) return made(known.map((name) => `${place}/${name}`));
    const isNamed = (program: string): boolean =>
      names.includes(program) ||
      (source !== undefined && program.startsWith(baseName(source)));
    const bare = (start?.commands ?? []).flatMap(({ program, path: given }) =>
      given === undefined && program !== undefined && isNamed(program)
        ? [`${place}/${program}`]
        : [],
    );
    return made([...new Set([...startedIn(place), ...bare])]);
  }
  const profile =
    option(/^--profile$/) ?? (/--release|-r/.test(args.join(" ")) ? "release" : "debug");
  const triple = option(/^--target$/);
  const manifest = option(/^--manifest-path$/);
  const home = manifest === undefined ? folder : absolutePath(folderOf(manifest), folder);
  const target = absolutePath(
    option(/^--target-dir$/) ??
      call.variable("CARGO_TARGET_DIR") ??
      (home === undefined ? "target" : `${home}/target`),
    folder,
  );
  if (target === undefined || home === undefined) return [];
  if (optionValue(args, /^--target$/) === null) return [];
  const place = `${target}${triple === undefined ? "" : `/${triple}`}/${profile === "dev" ? "debug" : profile}`;
  const started = startedIn(place);
  if (started.length > 0 || !crates) return made(started);
  const wanted = option(/^--bin$/);
  if (wanted !== undefined) return made([`${place}/${wanted}`]);
  const all = [...crates.programs].filter(([path]) => isWithin(path, home));
  return made(all.flatMap(([, programs]) => programs.map((name) => `${place}/${name}`)));
}

/** Whether a program may read a file: neither source code nor what describes a crate. */
function isRead(path: string, { code }: Crates): boolean {
  if (
    /\.(rs|lock)$|(^|\/)(Cargo\.toml|rust-toolchain(\.toml)?|build\.rs|clippy\.toml|rustfmt\.toml)$|\/(target|benches|examples)\//.test(
      path,
    )
  )
    return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const parent = folderOf(path).slice(folderOf(path).lastIndexOf("/") + 1);
  return (
    code.includes(name) ||
    (parent !== "" && new RegExp(`["/]${parent.replace(/[^\w-]/g, ".")}["/]`).test(code))
  );
}

/**
 * The libraries of the image (buildpack-deps) that crates are linked with where they are there:
 * openssl-sys, pq-sys, libsqlite3-sys, mysqlclient-sys, curl-sys. Others build their own, need
 * a package besides, or are part of every Debian.
 */
const linkedMost = [
  "libssl-dev",
  "libpq-dev",
  "libsqlite3-dev",
  "libmariadb-dev",
  "libcurl4-openssl-dev",
] as const;

/** Crates around a C library of the system, with the package of its headers in Debian. */
const systemCrates: Readonly<Record<string, string | undefined>> = {
  "openssl-sys": "libssl-dev",
  "libz-sys": "zlib1g-dev",
  "pq-sys": "libpq-dev",
  "libsqlite3-sys": "libsqlite3-dev",
};
/** Crates of that kind that build the library in, or that are for other systems. */
const builtIn =
  /^(windows|linux-raw|js|web|wasi|android|core-foundation|security-framework|dirs|inotify|zstd|aws-lc|tikv-jemalloc|jemalloc|bzip2|lzma|wasm|ios|mach|fsevent|kqueue|winapi|ndk|hermit|bcrypt|ring|libfuzzer|lz4)(-[\w-]+)?-sys$/;

function isSlim({ image }: SplitSubject): boolean {
  return (image.tag ?? "").includes("slim");
}

function librariesOf(
  subject: SplitSubject,
  crates: Crates | undefined,
): readonly string[] | Silence {
  const small = smallBaseOf(subject.image);
  if (!small)
    return {
      reason: "which distribution the image is made from can't be told",
      range: subject.stage.from.range,
    };
  const installed = linkedPackages(subject.commands, small);
  if (isSilence(installed) || small.family === "alpine") return installed;
  const isBare = isSlim(subject) || !/(^|\/)rust$/.test(subject.image.repository ?? "");
  if (isBare) return installed;
  if (!crates) {
    const common = linkedMost.map((name) => libraryPackages(name, small.image));
    return common.every((list) => list !== undefined)
      ? [...new Set([...installed, ...common.flat()])]
      : {
          reason:
            "which of the image's libraries the program is linked with can't be told without the build context",
          range: subject.stage.from.range,
        };
  }
  const names = crates.dependencies.filter(
    (name) => name.endsWith("-sys") && !builtIn.test(name),
  );
  const unknown = names.find((name) => systemCrates[name] === undefined);
  if (unknown !== undefined)
    return {
      reason: `which library of the system ${unknown} is linked with isn't known`,
      range: subject.stage.from.range,
    };
  return installed;
}

function runtimeFor(
  subject: SplitSubject,
  calls: readonly StageCommand[],
  libraries: readonly string[],
  crates: Crates | undefined,
  needs: {
    readonly shell: boolean;
    readonly packages: readonly string[];
    readonly namedUser: boolean;
  },
): Runtime | Silence {
  const { range } = subject.stage.from;
  const small = smallBaseOf(subject.image);
  if (!small)
    return { reason: "which distribution the image is made from can't be told", range };
  const isStatic =
    calls.every(({ args }) => (optionValue(args, /^--target$/) ?? "").includes("musl")) &&
    libraries.length === 0;
  const certificates =
    small.family === "alpine" ? [] : [{ path: "/etc/ssl/certs/ca-certificates.crt" }];
  const isOfficial = /(^|\/)rust$/.test(subject.image.repository ?? "");
  const base = { packages: libraries, findings: [], assumptions: [] };
  if (
    crates &&
    isStatic &&
    !needs.shell &&
    !needs.namedUser &&
    needs.packages.length === 0 &&
    crates.dependencies.length <= 1
  )
    return {
      ...base,
      artefacts: [],
      base: {
        family: "none",
        image: "scratch",
        comment: "static binary: no libc needed",
        workdir: "/",
        hasShell: false,
      },
    };
  const system = (crates?.dependencies ?? []).flatMap((name) => systemCrates[name] ?? []);
  const extra = system.map((name) => libraryPackages(name, small.image));
  if (extra.some((list) => list === undefined))
    return {
      reason: "which packages have the libraries that it is linked with isn't known",
      range,
    };
  return {
    ...base,
    packages: [
      ...new Set([
        ...libraries,
        ...extra.flatMap((list) => list ?? []),
        ...(small.family === "alpine" ? ["libgcc"] : []),
      ]),
    ],
    artefacts: isOfficial ? certificates : [],
    base: {
      family: small.family,
      image: small.image,
      workdir: "/",
      hasShell: true,
      ...(isOfficial && !crates && small.family === "debian" && !isSlim(subject)
        ? {
            comment:
              "libraries that crates are linked with: `ldd` tells which are needed",
          }
        : {}),
    },
    assumptions: crates
      ? []
      : [
          "Without the build context at hand, everything that is copied in is shipped; check that the program reads nothing from elsewhere in the image, and with `ldd` that no library is missing.",
        ],
  };
}
