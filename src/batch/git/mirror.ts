import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../target-state.ts";
import { stepFailure } from "./git-failure.ts";
import {
  formatOf,
  makeRepository,
  objectEnvironment,
  objectId,
  type ObjectStore,
} from "./objects.ts";
import { runGit, type GitResult } from "./run-git.ts";
import type { Transport } from "./safe-git.ts";

export interface Remote {
  /** Without credentials. */
  readonly url: string;
  readonly transport: Transport;
  readonly signal?: AbortSignal | undefined;
}

export interface RemoteHead {
  /** Short name; empty where HEAD names none. */
  readonly branch: string;
  readonly commit: string;
}

const remoteTimeout = 300_000;
const fetchedRef = "refs/dockerslim/head";

/** Above so many packs, which each plan adds, it is cheaper to begin anew. */
const maxPacks = 40;

/** Only one process uses a mirror at a time: see lock-mirror.ts. */
const lockAttempts = 10;
const lockPause = 500;

/** `$XDG_CACHE_HOME/dockerslim`, where mirrors are kept; they can be removed at any time. */
export function defaultCache(): string {
  const base = process.env["XDG_CACHE_HOME"];
  const isSet = base !== undefined && base !== "";
  return join(isSet ? base : join(homedir(), ".cache"), "dockerslim");
}

/** The bare mirror of a repository in the cache: without blobs, of one commit. */
export function mirrorOf(cache: string, url: string): ObjectStore {
  const name = createHash("sha256").update(url).digest("hex").slice(0, 32);
  return { gitFolder: join(cache, "mirrors", name.slice(0, 2), `${name}.git`) };
}

/** @returns undefined where the repository has no commit yet. */
export async function remoteHead(
  remote: Remote,
): Promise<Outcome<RemoteHead | undefined>> {
  const refs = await listRefs(remote, ["--symref"], "HEAD");
  if ("failure" in refs) return refs;
  const symbolic = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(refs.value);
  const commit = /^([0-9a-f]+)\tHEAD$/m.exec(refs.value)?.[1];
  if (commit === undefined || !objectId.test(commit)) return { value: undefined };
  return { value: { branch: symbolic?.[1] ?? "", commit } };
}

/** The commit that a branch of the remote is at; undefined where there is none. */
export async function remoteBranch(
  remote: Remote,
  branch: string,
): Promise<Outcome<string | undefined>> {
  const refs = await listRefs(remote, [], `refs/heads/${branch}`);
  if ("failure" in refs) return refs;
  // The pattern also matches the end of a longer name.
  const line = refs.value
    .split("\n")
    .find((each) => each.endsWith(`\trefs/heads/${branch}`));
  return { value: line?.slice(0, line.indexOf("\t")) };
}

async function listRefs(
  { url, transport, signal }: Remote,
  options: readonly string[],
  pattern: string,
): Promise<Outcome<string>> {
  const result = await runGit({
    words: ["ls-remote", ...options, "--", url, pattern],
    // No repository that happens to be around has a say.
    environment: { GIT_DIR: "/dev/null" },
    transport,
    timeout: remoteTimeout,
    signal,
  });
  if ("gitFailure" in result) return { failure: stepFailure("fetch", result.gitFailure) };
  return { value: result.output.toString("utf8") };
}

export interface FetchedHead {
  /** The head may have moved on since it was asked for. */
  readonly commit: string;
  /** The server can't leave blobs out, so that they are all here. */
  readonly hasBlobs: boolean;
}

/** Whether anything has been fetched into a mirror. */
export function isEmpty(mirror: ObjectStore): boolean {
  return !existsSync(join(mirror.gitFolder, fetchedRef));
}

/**
 * Fetches the commit and trees of a remote's head, without blobs where the server can do
 * that, else with them.
 */
export async function fetchHead(
  mirror: ObjectStore,
  remote: Remote,
  head: RemoteHead,
): Promise<Outcome<FetchedHead>> {
  const { gitFolder } = mirror;
  if (isCrowded(gitFolder)) rmSync(gitFolder, { recursive: true, force: true });
  for (let attempt = 1; ; attempt += 1) {
    const fetched = await fetchInto(mirror, remote, head);
    const isLocked =
      "gitFailure" in fetched && fetched.gitFailure.said.includes(".lock': File exists");
    if (!isLocked || attempt > lockAttempts || remote.signal?.aborted) {
      if ("gitFailure" in fetched) {
        return { failure: stepFailure("fetch", fetched.gitFailure) };
      }
      // As a file, since the repository is one of ours, and a process would take longer.
      const commit = readFileSync(join(gitFolder, fetchedRef), "latin1").trim();
      const hasBlobs = fetched.said.includes("filtering not recognized");
      return { value: { commit, hasBlobs } };
    }
    // A git of a process that was killed may be ending yet; else it has left its locks.
    if (attempt < lockAttempts) await sleep(lockPause);
    else rmSync(gitFolder, { recursive: true, force: true });
  }
}

function fetchInto(
  mirror: ObjectStore,
  remote: Remote,
  head: RemoteHead,
): Promise<GitResult> {
  const { gitFolder } = mirror;
  if (!existsSync(join(gitFolder, "HEAD"))) {
    makeRepository(gitFolder, formatOf(head.commit), remote.url);
  }
  const source = head.branch === "" ? "HEAD" : `refs/heads/${head.branch}`;
  return runGit({
    words: [
      "fetch",
      "--quiet",
      "--depth=1",
      "--filter=blob:none",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-auto-maintenance",
      "origin",
      `+${source}:${fetchedRef}`,
    ],
    environment: objectEnvironment(mirror),
    transport: remote.transport,
    timeout: remoteTimeout,
    signal: remote.signal,
  });
}

/** Fetches blobs by their ids, all with one request. */
export async function fetchBlobs(
  mirror: ObjectStore,
  { transport, signal }: Remote,
  ids: readonly string[],
): Promise<Outcome<undefined>> {
  if (ids.length === 0) return { value: undefined };
  const result = await runGit({
    words: [
      "-c",
      "fetch.negotiationAlgorithm=noop",
      "fetch",
      "--quiet",
      "--filter=blob:none",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-auto-maintenance",
      "--stdin",
      "origin",
    ],
    environment: objectEnvironment(mirror),
    transport,
    input: `${ids.join("\n")}\n`,
    timeout: remoteTimeout,
    signal,
  });
  if ("gitFailure" in result) return { failure: stepFailure("fetch", result.gitFailure) };
  return { value: undefined };
}

function isCrowded(gitFolder: string): boolean {
  try {
    const names = readdirSync(join(gitFolder, "objects", "pack"));
    return names.filter((name) => name.endsWith(".pack")).length > maxPacks;
  } catch {
    return false;
  }
}
