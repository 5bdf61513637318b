import type { ForgeKind } from "../../src/batch/forges/forge.ts";
import type { TestRepository } from "./repositories.ts";

/** What calls are for, by the same names for all forges; `push` and `fetch` are git's. */
export type CallName =
  | "identity"
  | "list"
  | "repository"
  | "requests"
  | "request"
  | "create"
  | "update"
  | "merge"
  | "labels"
  | "reviewers"
  | "comment"
  | "checks"
  | "statuses"
  | "installation"
  | "token"
  | "fetch"
  | "push";

export interface Reply {
  readonly status: number;
  /** Sent as JSON; undefined for none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The account of the token, or `app/<id>` for an App itself. */
  readonly login: string;
}

export interface Operation {
  readonly name: CallName;
  /** As the forge's own documentation names it. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/repos/{owner}/{repo}` */
  readonly path: string;
  readonly run: (call: Call) => Reply | Promise<Reply>;
}

/** What the forge knows, whatever its API looks like. */
export interface ForgeState {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly repositories: TestRepository[];
  /** Owners that are accounts of people; all others are organisations or groups. */
  readonly people: Set<string>;
  readonly tokens: Map<string, TokenFacts>;
  readonly apps: Map<string, AppFacts>;
  /** Most that a page of a list holds, whatever a call asks for. */
  pageLimit: number;
}

export interface TokenFacts {
  readonly login: string;
  /** The owner that an installation's token is for. */
  readonly installation?: string;
  expiresAt: number;
}

export interface AppFacts {
  /** PEM. */
  readonly publicKey: string;
  /** By owner. */
  readonly installations: ReadonlyMap<string, number>;
  /** How long its tokens last, in milliseconds. */
  tokenLifetime: number;
}

/** A forge's API over the common state. */
export interface Shape {
  readonly kind: ForgeKind;
  /** `/api/v3` */
  readonly prefix: string;
  readonly operations: readonly Operation[];
  /** Whose token a call has; undefined where none is valid. */
  readonly login: (headers: Readonly<Record<string, string>>) => string | undefined;
  /** `owner/name` of the repository that a call is about. */
  readonly pathOf: (call: Call) => string | undefined;
  readonly error: (status: number, message: string) => Reply;
  /** The answer to a call for a repository that has another name now. */
  readonly moved: (repository: TestRepository, method: string) => Reply;
  /** What of the call isn't as the forge's documentation says. */
  readonly checkCall: (operation: Operation, call: Call) => readonly string[];
  /** The answer with all that the documentation promises, and what of it isn't so. */
  readonly checkReply: (
    operation: Operation,
    reply: Reply,
  ) => { readonly reply: Reply; readonly problems: readonly string[] };
}

/** The part of a list that `page` and `per_page` ask for, with `Link` where more follows. */
export function paged<T>(
  { origin, pageLimit }: ForgeState,
  items: readonly T[],
  { query }: Call,
  path: string,
): { readonly items: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const wanted = Number(query.get("per_page") ?? query.get("limit") ?? 30);
  const size = Math.min(wanted, pageLimit);
  const page = Number(query.get("page") ?? 1);
  const part = items.slice((page - 1) * size, page * size);
  const total = { "x-total-count": String(items.length) };
  if (page * size >= items.length) return { items: part, headers: total };
  const next = new URLSearchParams(query);
  next.set("page", String(page + 1));
  return {
    items: part,
    headers: {
      ...total,
      link: `<${origin}${path}?${next.toString()}>; rel="next"`,
      "x-next-page": String(page + 1),
    },
  };
}

export function repositoryAt(
  { repositories }: ForgeState,
  path: string,
): TestRepository | undefined {
  const wanted = path.toLowerCase();
  return repositories.find(
    ({ owner, name }) => `${owner}/${name}`.toLowerCase() === wanted,
  );
}

/** The repository that had this name before. */
export function formerlyAt(
  { repositories }: ForgeState,
  path: string,
): TestRepository | undefined {
  return repositories.find(({ formerPaths }) => formerPaths.has(path.toLowerCase()));
}

/** Whose a token is, while it is valid. */
export function tokenLogin(
  { tokens }: ForgeState,
  token: string | undefined,
): string | undefined {
  const facts = tokens.get(token ?? "");
  return facts !== undefined && facts.expiresAt > Date.now() ? facts.login : undefined;
}
