import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ForgeKind } from "../../src/batch/forges/forge.ts";
import { temporaryFolder } from "./bare-git.ts";
import { faultyReply, spoil, type Fault } from "./faults.ts";
import { serveGit } from "./git-backend.ts";
import { giteaShape } from "./gitea/shape.ts";
import { gitHubShape } from "./github/shape.ts";
import { gitLabShape } from "./gitlab/shape.ts";
import {
  createRepository,
  type RepositoryOptions,
  type TestRepository,
} from "./repositories.ts";
import {
  formerlyAt,
  repositoryAt,
  type Call,
  type CallName,
  type ForgeState,
  type Operation,
  type Reply,
  type Shape,
} from "./shape.ts";

/** A call that the forge got. */
export interface SeenCall {
  readonly name: CallName | "unknown";
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Milliseconds since 1970, when it came. */
  readonly at: number;
}

/**
 * A forge on this machine: REST over real bare repositories, which real git serves. Every
 * call and answer is held against the API's documentation.
 */
export interface TestForge {
  readonly kind: ForgeKind;
  /** With the port. */
  readonly host: string;
  /** Base address of its API. */
  readonly api: string;
  /** A token that is valid, of the account `bot`. */
  readonly token: string;
  /** What a process needs to reach it: host and token, by the names that people use. */
  readonly env: NodeJS.ProcessEnv;
  readonly state: ForgeState;
  readonly calls: readonly SeenCall[];
  /** What in calls and answers isn't as documented; has to be empty when a test ends. */
  readonly problems: readonly string[];
  /** @param path `owner/name` */
  readonly addRepository: (
    path: string,
    options?: RepositoryOptions,
  ) => Promise<TestRepository>;
  /** Old addresses redirect from now on. */
  readonly rename: (repository: TestRepository, path: string) => void;
  /** GitHub only. @returns the environment of a process that calls as this App */
  readonly addApp: (
    owners: readonly string[],
    tokenLifetime?: number,
  ) => NodeJS.ProcessEnv;
  /** All tokens that were given out until now. */
  readonly expireTokens: () => void;
  readonly spoil: (fault: Fault) => void;
  readonly close: () => Promise<void>;
}

const shapes: Readonly<Record<ForgeKind, (state: ForgeState) => Shape>> = {
  github: gitHubShape,
  gitlab: gitLabShape,
  gitea: giteaShape,
};

const environment: Readonly<Record<ForgeKind, readonly [string, string]>> = {
  github: ["GH_HOST", "GH_ENTERPRISE_TOKEN"],
  gitlab: ["GITLAB_HOST", "GITLAB_TOKEN"],
  gitea: ["GITEA_HOST", "GITEA_TOKEN"],
};

const year = 365 * 24 * 60 * 60 * 1000;

export async function startTestForge(kind: ForgeKind): Promise<TestForge> {
  const folder = await temporaryFolder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = `canary-${randomBytes(12).toString("hex")}`;
  const state: ForgeState = {
    origin: `http://${host}`,
    repositories: [],
    people: new Set(["bot", "ann"]),
    tokens: new Map([[token, { login: "bot", expiresAt: Date.now() + year }]]),
    apps: new Map(),
    pageLimit: 100,
  };
  const shape = shapes[kind](state);
  const calls: SeenCall[] = [];
  const problems: string[] = [];
  const faults: { fault: Fault; skip: number; left: number }[] = [];
  const answer = answering(state, shape, calls, problems, (name) => {
    const entry = faults.find(({ fault, left }) => fault.call === name && left > 0);
    if (entry === undefined) return undefined;
    if (entry.skip > 0) {
      entry.skip -= 1;
      return undefined;
    }
    entry.left -= 1;
    return entry.fault;
  });
  server.on("request", (request, response) => {
    answer(request, response).catch((error: unknown) => {
      problems.push(`the test forge itself failed: ${String(error)}`);
      response.destroy();
    });
  });
  const [hostName, tokenName] = environment[kind];
  const api = `${state.origin}${shape.prefix}`;
  return {
    kind,
    host,
    api,
    token,
    env: { PATH: process.env["PATH"], [hostName]: host, [tokenName]: token },
    state,
    calls,
    problems,
    addRepository: async (path, options = {}) => {
      const id = state.repositories.length + 1;
      // Taken before it is made, so that many can be made at once.
      const holder = { id, owner: "", name: "", formerPaths: new Set<string>() };
      state.repositories.push(holder as TestRepository);
      const repository = await createRepository(folder.path, id, path, options);
      state.repositories[id - 1] = repository;
      return repository;
    },
    rename: (repository, path) => {
      repository.formerPaths.add(`${repository.owner}/${repository.name}`.toLowerCase());
      const slash = path.lastIndexOf("/");
      repository.owner = path.slice(0, slash);
      repository.name = path.slice(slash + 1);
    },
    addApp: (owners, tokenLifetime = 60 * 60 * 1000) => {
      const { publicKey, privateKey } = generateKeyPairSync("rsa", {
        modulusLength: 2048,
        publicKeyEncoding: { type: "spki", format: "pem" },
        // As GitHub gives them out.
        privateKeyEncoding: { type: "pkcs1", format: "pem" },
      });
      const id = String(1000 + state.apps.size);
      const installations = new Map(owners.map((owner, index) => [owner, index + 1]));
      state.apps.set(id, { publicKey, installations, tokenLifetime });
      return {
        PATH: process.env["PATH"],
        GH_HOST: host,
        GITHUB_APP_ID: id,
        GITHUB_APP_PRIVATE_KEY: privateKey,
      };
    },
    expireTokens: () => {
      for (const facts of state.tokens.values()) facts.expiresAt = 0;
    },
    spoil: (fault) => {
      faults.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await folder.remove();
    },
  };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function answering(
  state: ForgeState,
  shape: Shape,
  calls: SeenCall[],
  problems: string[],
  nextFault: (name: CallName) => Fault | undefined,
): Answer {
  const seen = (name: SeenCall["name"], request: IncomingMessage, at: number) => {
    return (status: number) => {
      const { method = "", url = "" } = request;
      calls.push({ name, method, path: url, status, at });
    };
  };

  const git = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    rest: string,
    query: string,
  ) => {
    const isPush = `${rest}${query}`.includes("git-receive-pack");
    const name = isPush ? "push" : "fetch";
    const report = seen(name, request, Date.now());
    const refuse = (status: number, headers: Readonly<Record<string, string>> = {}) => {
      report(status);
      request.resume();
      response.writeHead(status, headers);
      response.end();
    };
    const fault = nextFault(name);
    await fault?.first?.();
    if (fault?.kind !== undefined) {
      const reply = faultyReply(fault.kind, shape.error, {}, state.origin);
      if (reply === undefined) {
        report(0);
        spoil(fault.kind, response);
      } else refuse(reply.status, reply.headers);
      return;
    }
    const encoded = (request.headers.authorization ?? "").replace(/^Basic /, "");
    const [, password = ""] =
      /:(.*)$/.exec(Buffer.from(encoded, "base64").toString()) ?? [];
    const facts = state.tokens.get(password);
    const repository = repositoryAt(state, path);
    const open = repository?.private === false && !isPush;
    if (!open && (facts === undefined || facts.expiresAt < Date.now())) {
      refuse(401, { "www-authenticate": 'Basic realm="forge"' });
      return;
    }
    const former = repository === undefined ? formerlyAt(state, path) : undefined;
    if (former !== undefined) {
      const { owner, name } = former;
      const location = `${state.origin}/${owner}/${name}.git${rest}?${query}`;
      refuse(301, { location });
      return;
    }
    if (repository === undefined) {
      refuse(404);
      return;
    }
    if (isPush && repository.archived) {
      refuse(403);
      return;
    }
    await serveGit(request, response, repository.folder, rest, query);
    report(response.statusCode);
  };

  /** @param target `/repositories/1`, in place of the name, where a redirect led there */
  const found = (method: string, path: string) => {
    const byId = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
    const repository = state.repositories.find(({ id }) => String(id) === byId?.[1]);
    const named =
      repository === undefined
        ? path
        : `/repos/${repository.owner}/${repository.name}${byId?.[2] ?? ""}`;
    for (const operation of shape.operations) {
      const params =
        operation.method === method ? matched(operation.path, named) : undefined;
      if (params !== undefined) return { operation, params };
    }
    return undefined;
  };

  const api = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const method = request.method ?? "GET";
    const headers = request.headers as Record<string, string>;
    const text = await textOf(request);
    const place = found(method, url.pathname.slice(shape.prefix.length));
    const report = seen(place?.operation.name ?? "unknown", request, Date.now());
    const send = (reply: Reply) => {
      report(reply.status);
      const body = reply.body === undefined ? undefined : JSON.stringify(reply.body);
      response.writeHead(reply.status, {
        ...(body !== undefined && { "content-type": "application/json; charset=utf-8" }),
        ...reply.headers,
      });
      response.end(body);
    };
    if (place === undefined) {
      problems.push(`${method} ${url.pathname}: there is no such call`);
      send(shape.error(404, "Not Found"));
      return;
    }
    const { operation, params } = place;
    const complain = (what: string) => {
      problems.push(`${operation.id}: ${what}`);
    };
    const fault = nextFault(operation.name);
    await fault?.first?.();
    const kind = fault?.kind;
    const isLate = kind?.startsWith("after-") === true;
    const bad = () => {
      if (kind === undefined) return;
      const reply = faultyReply(kind, shape.error, headers, state.origin);
      if (reply === undefined) {
        report(0);
        spoil(kind, response);
      } else send(reply);
    };
    if (kind !== undefined && !isLate) {
      bad();
      return;
    }
    const login = shape.login(headers);
    if (login === undefined) {
      send(shape.error(401, "Bad credentials"));
      return;
    }
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const call: Call = { params, query: url.searchParams, body, login };
    for (const problem of shape.checkCall(operation, call)) complain(problem);
    const checked = shape.checkReply(operation, await replied(operation, call));
    for (const problem of checked.problems) {
      complain(`answer ${checked.reply.status}: ${problem}`);
    }
    if (isLate) bad();
    else send(checked.reply);
  };

  const replied = async (operation: Operation, call: Call): Promise<Reply> => {
    const path = shape.pathOf(call);
    const isFormer = path !== undefined && repositoryAt(state, path) === undefined;
    const former = isFormer ? formerlyAt(state, path) : undefined;
    return former === undefined
      ? operation.run(call)
      : shape.moved(former, operation.method);
  };

  return async (request, response) => {
    const url = new URL(request.url ?? "/", state.origin);
    const repository =
      /^\/(.+?)(?:\.git)?(\/(?:info\/refs|git-(?:upload|receive)-pack))$/;
    const [, path, rest] = repository.exec(url.pathname) ?? [];
    if (url.pathname.startsWith(`${shape.prefix}/`)) return api(request, response, url);
    if (path !== undefined && rest !== undefined) {
      return git(request, response, path, rest, url.search.slice(1));
    }
    problems.push(
      `${request.method ?? ""} ${url.pathname}: neither of git nor of the API`,
    );
    response.writeHead(404);
    response.end();
  };
}

/** The values of a path's `{parts}`, decoded. */
function matched(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? "");
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && value !== "") params[name] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
