import { createReadStream, statSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { systemReason } from "../../files/problem.ts";
import { forgeKinds, type ForgeKind, type Repository } from "../forges/forge.ts";
import type { Outcome } from "../target-state.ts";
import { parseAddress } from "./address.ts";
import { clonePath, cloneTarget, findClones } from "./clones.ts";
import {
  sourceFailure,
  type ForgeKindOf,
  type Found,
  type FoundTarget,
} from "./found-target.ts";

export interface SourceContext {
  /** Absolute path of the current folder. */
  readonly cwd: string;
  readonly forgeKindOf: ForgeKindOf;
  /** All repositories of an owner, on the host that is usual or set for this kind. */
  readonly listRepositories: (
    kind: ForgeKind,
    owner: string,
    topic: string | undefined,
  ) => AsyncIterable<Outcome<{ readonly host: string; readonly repository: Repository }>>;
  readonly stdin: () => Readable;
}

/**
 * The targets that `--from` names: `-`, `github:owner[/topic]` and its like, a folder of
 * clones, or a file of lines.
 */
export async function* targetsFrom(
  source: string,
  context: SourceContext,
): AsyncGenerator<Found> {
  if (source === "-") {
    yield* fromLines("standard input", context.stdin(), context.cwd, context);
    return;
  }
  const listing = /^(\w+):(?!\/\/)(.+)$/.exec(source);
  const kind = forgeKinds.find((each) => each === listing?.[1]);
  if (kind !== undefined) {
    yield* fromForge(kind, listing?.[2] ?? "", source, context);
    return;
  }
  const path = resolve(context.cwd, source);
  let isFolder;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    yield sourceFailure(
      source,
      "not-found",
      `it can't be read: ${systemReason(error)}`,
      "Name a file of addresses, a folder of clones, -, or github:owner",
    );
    return;
  }
  if (isFolder) yield* findClones(path);
  else
    yield* fromLines(
      source,
      createReadStream(path, "utf8"),
      resolve(path, ".."),
      context,
    );
}

/** @param folder What relative paths in the lines start from. */
async function* fromLines(
  name: string,
  stream: Readable,
  folder: string,
  { forgeKindOf }: SourceContext,
): AsyncGenerator<Found> {
  let number = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      number += 1;
      const line = text
        .replace(/^\uFEFF/, "")
        .replace(/(^|\s)#.*$/, "")
        .trim();
      if (line !== "") yield targetOfLine(line, `${name}:${number}`, folder, forgeKindOf);
    }
  } catch (error) {
    yield sourceFailure(name, "not-found", `it can't be read: ${systemReason(error)}`);
  }
}

function targetOfLine(
  line: string,
  where: string,
  folder: string,
  forgeKindOf: ForgeKindOf,
): Found {
  const isPath = /^(?:\/|\.\.?(?:\/|$))/.test(line);
  const clone = line.includes("://") ? undefined : clonePath(resolve(folder, line));
  if (clone !== undefined) return { target: cloneTarget(clone) };
  if (isPath) {
    return sourceFailure(where, "not-found", "there is no clone at this path");
  }
  const target = parseAddress(line, forgeKindOf);
  if (typeof target !== "string") return { target };
  return sourceFailure(
    where,
    "invalid",
    `the address can't be used: ${target}`,
    "Write https://host/owner/name, git@host:owner/name or host/owner/name",
  );
}

async function* fromForge(
  kind: ForgeKind,
  words: string,
  source: string,
  { listRepositories }: SourceContext,
): AsyncGenerator<Found> {
  // Groups of GitLab may lie in groups, so only the others have a topic.
  const [owner = "", topic] = kind === "gitlab" ? [words] : words.split("/", 2);
  for await (const listed of listRepositories(kind, owner, topic)) {
    if ("failure" in listed) {
      yield { failure: { ...listed.failure, where: source } };
      continue;
    }
    yield { target: listedTarget(kind, listed.value.host, listed.value.repository) };
  }
}

function listedTarget(
  kind: ForgeKind,
  host: string,
  repository: Repository,
): FoundTarget {
  const { owner, name, cloneUrl, defaultBranch } = repository;
  const { archived, fork, language, topics } = repository;
  return {
    key: `${host}/${owner}/${name}`.toLowerCase(),
    kind: "forge",
    forge: kind,
    host,
    owner,
    name,
    url: cloneUrl,
    default_branch: defaultBranch,
    listed: { archived, fork, language, topics },
  };
}
