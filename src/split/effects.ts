import type { Redirection, SyntaxNode } from "unbash";
import { fileEffect } from "./file-effects.ts";
import { absolutes, operands, optionValue } from "./operands.ts";
import { absolutePath, baseName } from "./paths.ts";
import type { StageCommand } from "./stage-commands.ts";
import { wordValue } from "./word-value.ts";

/** What a command of a build leaves behind in the image, as far as a split is concerned. */
export type Effect =
  | { readonly kind: "nothing" }
  /** Makes what the ecosystem names as artefacts, in folders that it knows. */
  | { readonly kind: "build" }
  /** Made folders, owners, links, small files: cheap to do again in another stage. */
  | {
      readonly kind: "setup";
      readonly paths: readonly string[];
      /** Made what wasn't there, and did not only change it. */
      readonly creates?: boolean;
    }
  /** Files or folders that can be copied to another stage. */
  | {
      readonly kind: "content";
      readonly paths: readonly string[];
      /** What was copied or moved there, as a pattern where the command has one. */
      readonly from?: readonly string[];
      /** Whether that is gone from where it was. */
      readonly moves?: boolean;
    }
  /** Took away files or folders; a path may be a pattern. */
  | { readonly kind: "removal"; readonly paths: readonly string[] }
  /** Has to be done in the final stage, when everything is in its place. */
  | { readonly kind: "refresh" }
  /** Made an account, or set something up: to be done again in the final stage. */
  | { readonly kind: "repeat" }
  | {
      readonly kind: "packages";
      readonly program: string;
      readonly names: readonly string[];
    }
  | { readonly kind: "unknown"; readonly reason: string };

export const nothing: Effect = { kind: "nothing" };

export function unknownEffect({ program = "a command" }: StageCommand): Effect {
  return {
    kind: "unknown",
    reason: `what “${program}” leaves for run time can't be told`,
  };
}

/**
 * The effect of a command that every ecosystem may use. Source: POSIX and the manuals of
 * coreutils, curl, wget, git, tar and unzip.
 */
export function commonEffect(command: StageCommand): Effect {
  const written = redirectedTo(command);
  if (written === undefined) return unknownEffect(command);
  const own = ownEffect(command);
  if (written.length === 0) return own;
  if (own.kind === "nothing") return { kind: "setup", paths: written, creates: true };
  return own.kind === "setup" || own.kind === "content"
    ? { ...own, paths: [...own.paths, ...written] }
    : own;
}

function ownEffect(command: StageCommand): Effect {
  const { program, args } = command;
  if (program === undefined)
    return command.node.invocation ? unknownEffect(command) : nothing;
  if (harmless.has(program) || isQuestion(args)) return nothing;
  if (accountPrograms.has(program) || systemPrograms.has(program))
    return { kind: "repeat" };
  if (/^(ldconfig|update-ca-certificates)$/.test(program)) return { kind: "refresh" };
  const done = fileEffect(command);
  if (done) return done;
  const rule = rules[program];
  if (!rule) return unknownEffect(command);
  const paths = rule.paths(command);
  if (paths === undefined) return unknownEffect(command);
  const creates = /^(mkdir|touch|ln)$/.test(program);
  return creates ? { kind: "setup", paths, creates } : { kind: rule.kind, paths };
}

/** Programs that leave nothing, or only what stays within the RUN. */
const harmless: ReadonlySet<string> = new Set(
  (
    ". : [ apt-mark awk basename break cat cd command continue cut date df diff dirname dpkg-architecture du echo " +
    "egrep env exit export false fgrep file find getconf getent gpg gpg2 gpgconf grep head hostname id ldd local ls " +
    "md5sum mktemp nproc printenv printf pwd read readlink realpath return set sha1sum sha256sum " +
    "sha512sum shift sleep sort source stat sync tail test time tr trap true type ulimit umask uname uniq " +
    "unset wait wc which whoami xargs yes"
  ).split(" "),
);

const accountPrograms: ReadonlySet<string> = new Set([
  "adduser",
  "addgroup",
  "useradd",
  "groupadd",
  "usermod",
  "groupmod",
]);

/** What sets up locales, time zones and passwords, in files of the system. */
const systemPrograms: ReadonlySet<string> = new Set([
  "chpasswd",
  "dpkg-reconfigure",
  "locale-gen",
  "localedef",
  "update-locale",
]);

function isQuestion(args: StageCommand["args"]): boolean {
  return (
    args.length === 1 && /^(-h|-v|-V|--?version|version|--help)$/.test(args[0] ?? "")
  );
}

interface Rule {
  readonly kind: "setup" | "content" | "removal";
  /** Absolute paths that are written; undefined where they can't be told. */
  readonly paths: (command: StageCommand) => readonly string[] | undefined;
}

const rules: Readonly<Record<string, Rule | undefined>> = {
  mkdir: { kind: "setup", paths: (command) => operandPaths(command, ["-m", "--mode"]) },
  touch: { kind: "setup", paths: (command) => operandPaths(command, ["-d", "-t", "-r"]) },
  chmod: { kind: "setup", paths: (command) => operandPaths(command, [], 1) },
  chown: { kind: "setup", paths: (command) => operandPaths(command, [], 1) },
  chgrp: { kind: "setup", paths: (command) => operandPaths(command, [], 1) },
  ln: { kind: "setup", paths: linked },
  sed: { kind: "setup", paths: editedBySed },
  tee: { kind: "setup", paths: (command) => operandPaths(command) },
  curl: { kind: "content", paths: fetchedByCurl },
  wget: { kind: "content", paths: fetchedByWget },
  git: { kind: "content", paths: writtenByGit },
  tar: { kind: "content", paths: unpackedByTar },
  unzip: {
    kind: "content",
    paths: (command) => inFolder(command, optionValue(command.args, /^-d$/)),
  },
  strip: { kind: "setup", paths: () => [] },
  upx: { kind: "setup", paths: () => [] },
  patch: { kind: "setup", paths: patched },
};

function inFolder(
  { folder }: StageCommand,
  path: string | undefined | null,
): readonly string[] | undefined {
  if (path === null) return undefined;
  const absolute = absolutePath(path ?? ".", folder);
  return absolute === undefined ? undefined : [absolute];
}

function operandPaths(
  command: StageCommand,
  valueOptions: readonly string[] = [],
  skipped = 0,
): readonly string[] | undefined {
  return absolutes(command, operands(command.args, valueOptions)?.slice(skipped));
}

function editedBySed(command: StageCommand): readonly string[] | undefined {
  if (!command.args.some((word) => word?.startsWith("-i"))) return [];
  return absolutes(command, operands(command.args, ["-e", "-f"])?.slice(1));
}

function linked(command: StageCommand): readonly string[] | undefined {
  const words = operands(command.args, ["-S"]);
  return words && words.length > 1 ? absolutes(command, words.slice(-1)) : undefined;
}

function patched(command: StageCommand): readonly string[] | undefined {
  return inFolder(command, optionValue(command.args, /^(-d|--directory)$/));
}

function fetchedByCurl(command: StageCommand): readonly string[] | undefined {
  const { args } = command;
  const output = optionValue(args, /^(-[a-zA-Z]*o|--output)$/);
  if (output !== undefined) return inFolder(command, output);
  const isNamed = args.some((word) =>
    /^(-[a-zA-Z]*O[a-zA-Z]*|--remote-name)$/.test(word ?? ""),
  );
  if (!isNamed) return [];
  return namedByUrl(command);
}

function fetchedByWget(command: StageCommand): readonly string[] | undefined {
  const { args } = command;
  const output = optionValue(args, /^(-[a-zA-Z]*O|--output-document)$/);
  if (output === "-") return [];
  if (output !== undefined) return inFolder(command, output);
  const folder = optionValue(args, /^(-P|--directory-prefix)$/);
  return folder === undefined ? namedByUrl(command) : inFolder(command, folder);
}

function namedByUrl(command: StageCommand): readonly string[] | undefined {
  const urls = command.args.filter((word) => word?.includes("://"));
  if (urls.length === 0) return inFolder(command, ".");
  return absolutes(
    command,
    urls.map((url = "") => baseName(url.replace(/[?#].*$/, ""))),
  );
}

function writtenByGit(command: StageCommand): readonly string[] | undefined {
  const { args } = command;
  const [first, place, ...others] = args;
  if (first === "-C")
    return place === undefined
      ? undefined
      : writtenByGit({
          ...command,
          args: others,
          folder: absolutePath(place, command.folder),
        });
  const [subcommand, ...rest] = args.filter((word) => !word?.startsWith("-c"));
  if (subcommand === "config" || subcommand === "--version") return [];
  if (subcommand !== "clone") return inFolder(command, ".");
  const words = operands(rest, [
    "-b",
    "--branch",
    "--depth",
    "-o",
    "--origin",
    "-j",
    "--jobs",
  ]);
  const [url, folder] = words ?? [];
  if (url === undefined) return undefined;
  return inFolder(
    command,
    folder ?? baseName(url.replace(/\/+$/, "")).replace(/\.git$/, ""),
  );
}

function unpackedByTar(command: StageCommand): readonly string[] | undefined {
  const { args } = command;
  const isCreating = args.some((word) =>
    /^(-[a-zA-Z]*c|c[a-zA-Z]*f|--create)/.test(word ?? ""),
  );
  if (isCreating) return inFolder(command, optionValue(args, /^-?[a-zA-Z]*f$/));
  return inFolder(command, optionValue(args, /^(-[a-zA-Z]*C|--directory)$/));
}

/** Files that the output of a command goes to; undefined where they can't be told. */
function redirectedTo(command: StageCommand): readonly string[] | undefined {
  const { node, ancestors } = command.node;
  const around = ancestors.flatMap((item: SyntaxNode) =>
    item.type === "Redirected" ? item.redirects : [],
  );
  const targets: string[] = [];
  for (const redirection of [...node.redirects, ...around]) {
    const path = writtenBy(redirection, command);
    if (path === undefined) return undefined;
    if (path !== "" && !path.startsWith("/dev/")) targets.push(path);
  }
  return targets;
}

/** Empty where it writes nothing. */
function writtenBy(
  redirection: Redirection,
  { folder, variable }: StageCommand,
): string | undefined {
  if (redirection.type !== "Redirect") return "";
  if (redirection.operator === "<" || redirection.operator.endsWith("&")) return "";
  const word = redirection.target && wordValue(redirection.target, variable);
  return word === undefined ? undefined : absolutePath(word, folder);
}
