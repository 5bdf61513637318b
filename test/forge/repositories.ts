import { join } from "node:path";
import {
  commitFiles,
  commitsAhead,
  createBare,
  git,
  headOf,
  mergeBranch,
  type Files,
} from "./bare-git.ts";

export interface TestRequest {
  readonly number: number;
  readonly author: string;
  readonly branch: string;
  readonly base: string;
  title: string;
  body: string;
  draft: boolean;
  state: "open" | "merged" | "closed";
  /** The branch's commit when the request was closed; a closed request stays at it. */
  lastHead: string;
  readonly labels: Set<string>;
  readonly reviewers: Set<string>;
  readonly teams: Set<string>;
  readonly comments: string[];
  readonly createdAt: string;
  doneAt: string | null;
  mergeCommit: string | null;
}

export interface RepositoryOptions {
  readonly files?: Files;
  readonly archived?: boolean;
  readonly fork?: boolean;
  readonly private?: boolean;
  readonly language?: string;
  readonly topics?: readonly string[];
  readonly defaultBranch?: string;
}

/** A repository of the test forge: its git part lies in a real bare repository. */
export interface TestRepository {
  readonly id: number;
  owner: string;
  name: string;
  /** `owner/name` in lower case, under which it could be found before. */
  readonly formerPaths: Set<string>;
  readonly folder: string;
  readonly defaultBranch: string;
  archived: boolean;
  readonly fork: boolean;
  readonly private: boolean;
  readonly language: string | null;
  readonly topics: readonly string[];
  readonly requests: TestRequest[];
  /** What its CI says of every commit, and by which of GitHub's two ways. */
  checks: "none" | "pending" | "green" | "red";
  checksBy: "run" | "status";
  /** What the API gives as address to clone from, where it isn't the true one. */
  cloneUrl: string | undefined;
}

/** Why the forge doesn't do it; the shapes put it into their words. */
export type Refused =
  | "archived"
  | "duplicate"
  | "no-branch"
  | "no-commits"
  | "not-open"
  | "head-moved"
  | "conflict";

export async function createRepository(
  folder: string,
  id: number,
  path: string,
  options: RepositoryOptions,
): Promise<TestRepository> {
  const slash = path.lastIndexOf("/");
  const { files = {}, defaultBranch = "main" } = options;
  const repository: TestRepository = {
    id,
    owner: path.slice(0, slash),
    name: path.slice(slash + 1),
    formerPaths: new Set(),
    folder: join(folder, `${id}.git`),
    defaultBranch,
    archived: options.archived ?? false,
    fork: options.fork ?? false,
    private: options.private ?? true,
    language: options.language ?? null,
    topics: options.topics ?? [],
    requests: [],
    checks: "none",
    checksBy: "run",
    cloneUrl: undefined,
  };
  await createBare(repository.folder, defaultBranch);
  if (Object.keys(files).length > 0) {
    await commitFiles(repository.folder, defaultBranch, files, "Begin");
  }
  return repository;
}

/** A person's commit on a branch, which begins at the default one if it isn't there. */
export function commit(
  { folder, defaultBranch }: TestRepository,
  files: Files,
  branch = defaultBranch,
): Promise<string> {
  return commitFiles(folder, branch, files, "Change", defaultBranch);
}

export function branchHead(
  { folder }: TestRepository,
  branch: string,
): Promise<string | undefined> {
  return headOf(folder, branch);
}

/** A file's text on a branch. */
export function fileOn(
  { folder }: TestRepository,
  branch: string,
  path: string,
): Promise<string> {
  return git(folder, "cat-file", "blob", `refs/heads/${branch}:${path}`);
}

/** The commit that a request is at. */
export async function requestHead(
  repository: TestRepository,
  request: TestRequest,
): Promise<string> {
  if (request.state === "open") {
    request.lastHead = (await branchHead(repository, request.branch)) ?? request.lastHead;
  }
  return request.lastHead;
}

export async function openRequest(
  repository: TestRepository,
  wanted: Pick<TestRequest, "author" | "branch" | "base" | "title" | "body" | "draft">,
): Promise<TestRequest | Refused> {
  if (repository.archived) return "archived";
  const head = await branchHead(repository, wanted.branch);
  const base = await branchHead(repository, wanted.base);
  if (head === undefined || base === undefined) return "no-branch";
  const same = repository.requests.some(
    ({ state, branch, base }) =>
      state === "open" && branch === wanted.branch && base === wanted.base,
  );
  if (same) return "duplicate";
  const ahead = await commitsAhead(repository.folder, wanted.base, wanted.branch);
  if (ahead === 0) return "no-commits";
  const request: TestRequest = {
    ...wanted,
    number: repository.requests.length + 1,
    state: "open",
    lastHead: head,
    labels: new Set(),
    reviewers: new Set(),
    teams: new Set(),
    comments: [],
    createdAt: new Date().toISOString(),
    doneAt: null,
    mergeCommit: null,
  };
  repository.requests.push(request);
  return request;
}

/** By a person or by the API. */
export async function closeRequest(
  repository: TestRepository,
  request: TestRequest,
): Promise<void> {
  await requestHead(repository, request);
  request.state = "closed";
  request.doneAt = new Date().toISOString();
}

export async function mergeRequest(
  repository: TestRepository,
  request: TestRequest,
  head: string | undefined,
  method: string,
): Promise<Refused | undefined> {
  if (repository.archived) return "archived";
  if (request.state !== "open" || request.draft) return "not-open";
  const present = await requestHead(repository, request);
  if (head !== undefined && head !== present) return "head-moved";
  const made = await mergeBranch(
    repository.folder,
    request.base,
    present,
    method,
    `${request.title} (#${request.number})`,
  );
  if (made === undefined) return "conflict";
  request.state = "merged";
  request.mergeCommit = made;
  request.doneAt = new Date().toISOString();
  return undefined;
}
