import { join } from "node:path";
import type { GitCredentials } from "../forges/forge.ts";
import { cloneHead, objectsOf, openClone } from "../git/clone.ts";
import {
  fetchBlobs,
  fetchHead,
  isEmpty,
  mirrorOf,
  remoteHead,
  type Remote,
} from "../git/mirror.ts";
import { formatOf, type ObjectFormat, type ObjectStore } from "../git/objects.ts";
import { readBlobs, type Blob } from "../git/read-blobs.ts";
import { transportOf } from "../sources/address.ts";
import type { TargetRow } from "../store/tables.ts";
import type { Outcome } from "../target-state.ts";

export type PlannedTarget = Pick<
  TargetRow,
  "key" | "kind" | "forge" | "host" | "owner" | "name" | "url" | "head" | "state"
>;

export interface ReadContext {
  /** Folder of the mirrors. */
  readonly cache: string;
  /** An empty repository of our own, for the objects of clones. */
  readonly scratch: (format: ObjectFormat) => string;
  /** Undefined where the user's own credential helpers are to be asked. */
  readonly credentialsFor: (
    target: PlannedTarget,
  ) => Promise<Outcome<GitCredentials | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** A target's default branch; its objects are fetched as far as they are asked for. */
export interface TargetHead {
  /** Short name; empty for a detached HEAD. */
  readonly branch: string;
  /** The commit that is there now. */
  readonly commit: string;
  readonly open: () => Promise<Outcome<OpenTarget>>;
}

export interface OpenTarget {
  readonly objects: ObjectStore;
  /** The commit that was opened, which may be newer. */
  readonly commit: string;
  readonly blobs: (
    ids: readonly string[],
    maxBytes: number,
  ) => Promise<Outcome<ReadonlyMap<string, Blob>>>;
}

/** @returns undefined where the target has no commit yet. */
export async function targetHead(
  target: PlannedTarget,
  context: ReadContext,
): Promise<Outcome<TargetHead | undefined>> {
  return target.kind === "clone"
    ? headOfClone(target, context)
    : headOfRemote(target, context);
}

async function headOfClone(
  { key }: PlannedTarget,
  { scratch, signal }: ReadContext,
): Promise<Outcome<TargetHead | undefined>> {
  const clone = await openClone(key);
  if ("failure" in clone) return clone;
  const head = await cloneHead(clone.value);
  if ("failure" in head || head.value === undefined) {
    return "failure" in head ? head : { value: undefined };
  }
  const { branch, commit } = head.value;
  const open = () => {
    const objects = objectsOf(clone.value, scratch);
    return Promise.resolve({
      value: {
        objects,
        commit,
        blobs: (ids: readonly string[], maxBytes: number) =>
          readBlobs(objects, ids, maxBytes, signal),
      },
    });
  };
  return { value: { branch, commit, open } };
}

/** How a target on a forge is reached. */
export async function remoteOf(
  target: PlannedTarget,
  { credentialsFor, signal }: Pick<ReadContext, "credentialsFor" | "signal">,
): Promise<Outcome<Remote>> {
  const credentials = await credentialsFor(target);
  if ("failure" in credentials) return credentials;
  const transport = { ...transportOf(target.url), credentials: credentials.value };
  return { value: { url: target.url, transport, signal } };
}

async function headOfRemote(
  target: PlannedTarget,
  context: ReadContext,
): Promise<Outcome<TargetHead | undefined>> {
  const remote = await remoteOf(target, context);
  if ("failure" in remote) return remote;
  const head = await remoteHead(remote.value);
  if ("failure" in head || head.value === undefined) {
    return "failure" in head ? head : { value: undefined };
  }
  const found = head.value;
  const open = async (): Promise<Outcome<OpenTarget>> => {
    const objects = mirrorOf(context.cache, target.url);
    const wasEmpty = isEmpty(objects);
    const fetched = await fetchHead(objects, remote.value, found);
    if ("failure" in fetched) return fetched;
    const { commit, hasBlobs } = fetched.value;
    const source = {
      mirror: objects,
      // Some versions of git end at the first object that isn't here, where a promisor
      // is set; from a repository without one, they say which are missing.
      local: {
        gitFolder: context.scratch(formatOf(commit)),
        objectFolder: join(objects.gitFolder, "objects"),
      },
      remote: remote.value,
      isEmpty: wasEmpty && !hasBlobs,
    };
    const blobs = (ids: readonly string[], maxBytes: number) =>
      blobsOf(source, ids, maxBytes);
    return { value: { objects, commit, blobs } };
  };
  return { value: { ...found, open } };
}

interface BlobSource {
  readonly mirror: ObjectStore;
  readonly local: ObjectStore;
  readonly remote: Remote;
  /** No blob can be here yet. */
  readonly isEmpty: boolean;
}

/** Fetches the blobs that aren't here, all at once. */
async function blobsOf(
  { mirror, local, remote, isEmpty: nothingHere }: BlobSource,
  ids: readonly string[],
  maxBytes: number,
): Promise<Outcome<ReadonlyMap<string, Blob>>> {
  const { signal } = remote;
  const present = nothingHere
    ? { value: new Map<string, Blob>() }
    : await readBlobs(local, ids, maxBytes, signal);
  if ("failure" in present) return present;
  const isHere = (id: string) => {
    const blob = present.value.get(id);
    return blob !== undefined && !("missing" in blob);
  };
  const missing = ids.filter((id) => !isHere(id));
  if (missing.length === 0) return present;
  const fetched = await fetchBlobs(mirror, remote, missing);
  if ("failure" in fetched) return fetched;
  const read = await readBlobs(local, missing, maxBytes, signal);
  if ("failure" in read) return read;
  return { value: new Map([...present.value, ...read.value]) };
}
