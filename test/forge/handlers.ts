import {
  openRequest,
  type Refused,
  type TestRepository,
  type TestRequest,
} from "./repositories.ts";
import {
  paged,
  type Call,
  type ForgeState,
  type Operation,
  type Reply,
} from "./shape.ts";

type InRepository = (repository: TestRepository, call: Call) => Reply | Promise<Reply>;
type InRequest = (
  repository: TestRepository,
  request: TestRequest,
  call: Call,
) => Reply | Promise<Reply>;

/** What forges have in common once they know which repository and request is meant. */
export interface Handlers {
  /** Refuses what writes to an archived repository. */
  readonly inRepository: (run: InRepository) => Operation["run"];
  readonly inRequest: (run: InRequest) => Operation["run"];
}

export function handlers(of: {
  readonly repository: (call: Call) => TestRepository | undefined;
  readonly missing: Reply;
  readonly archived: (repository: TestRepository) => Reply;
  /** Whether a call would change the repository. */
  readonly writes?: (call: Call) => boolean;
  /** Of the parameter that has a request's number. */
  readonly requestNumber: (call: Call) => string | undefined;
  readonly missingRequest: Reply;
}): Handlers {
  const writes = of.writes ?? (({ body }: Call): boolean => Object.keys(body).length > 0);
  const inRepository: Handlers["inRepository"] = (run) => (call) => {
    const repository = of.repository(call);
    if (repository === undefined) return of.missing;
    return repository.archived && writes(call)
      ? of.archived(repository)
      : run(repository, call);
  };
  return {
    inRepository,
    inRequest: (run) =>
      inRepository((repository, call) => {
        const number = Number(of.requestNumber(call));
        const request = repository.requests.find((one) => one.number === number);
        return request === undefined ? of.missingRequest : run(repository, request, call);
      }),
  };
}

/** One page of those repositories that are wanted. */
export function listedRepositories(
  state: ForgeState,
  call: Call,
  path: string,
  {
    wanted,
    body,
  }: {
    readonly wanted: (one: TestRepository) => boolean;
    readonly body: (one: TestRepository) => object;
  },
): Reply {
  const found = state.repositories.filter(wanted);
  const { items, headers } = paged(state, found, call, path);
  return { status: 200, headers, body: items.map(body) };
}

type RequestBody = (repository: TestRepository, request: TestRequest) => Promise<object>;

/** One page of a repository's requests, the newest first. */
export async function listedRequests(
  state: ForgeState,
  repository: TestRepository,
  call: Call,
  {
    path,
    wanted,
    body,
  }: {
    readonly path: string;
    readonly wanted: (request: TestRequest) => boolean;
    readonly body: RequestBody;
  },
): Promise<Reply> {
  const chosen = repository.requests.filter(wanted).reverse();
  const { items, headers } = paged(state, chosen, call, path);
  const bodies = items.map((one) => body(repository, one));
  return { status: 200, headers, body: await Promise.all(bodies) };
}

/** Forges that have drafts by a mark in the title. */
export function titledBy(mark: string) {
  return (title: string): { readonly title: string; readonly draft: boolean } => {
    const draft = title.startsWith(mark);
    return { title: draft ? title.slice(mark.length) : title, draft };
  };
}

/** Opens a request and answers with it, or with why there is none. */
export async function createdRequest(
  repository: TestRepository,
  wanted: Parameters<typeof openRequest>[1],
  {
    body,
    refusal,
  }: { readonly body: RequestBody; readonly refusal: (refused: Refused) => Reply },
): Promise<Reply> {
  const made = await openRequest(repository, wanted);
  return typeof made === "string"
    ? refusal(made)
    : { status: 201, body: await body(repository, made) };
}
