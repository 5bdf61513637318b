import * as v from "valibot";
import { answer } from "./answers.ts";
import { baseAddress, CallError, hostFetch, RefusedError } from "./call.ts";
import { attempt, failureOf, messageIn, type Caller } from "./failure.ts";
import type { Repository } from "./forge.ts";
import type { ForgeSettings } from "./open-forge.ts";
import type { Outcome } from "../target-state.ts";

type Query = Readonly<Record<string, string | number | boolean>>;

/** Calls of an API that speaks JSON; all of them throw RefusedError or CallError. */
export interface Rest {
  readonly get: (path: string, query?: Query) => Promise<unknown>;
  /** A list, page after page, as `Link` leads on. */
  readonly pages: (path: string, query?: Query) => AsyncGenerator<readonly unknown[]>;
  readonly send: (
    method: "POST" | "PUT" | "PATCH",
    path: string,
    body: Readonly<Record<string, unknown>>,
  ) => Promise<unknown>;
}

/** How often a call that only reads is made again. */
const repeats = 2;

/**
 * What GitLab and Gitea are called by. Their libraries don't do for it: gitbeaker makes a call
 * that writes again after a 502, which may have had its effect, and has no limit of time.
 */
export function restClient(
  base: URL,
  { timeout, pause = 1000 }: ForgeSettings,
  authorization: string,
): Rest {
  const fetchThere = hostFetch(base, timeout);
  const headers = {
    accept: "application/json",
    "user-agent": "dockerslim",
    authorization,
  };

  const call = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetchThere(url, init);
    if (response.ok) return response;
    const text = await response.text();
    throw new RefusedError({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      message: messageIn(parsed(text) ?? ""),
    });
  };

  const read = async (url: string): Promise<Response> => {
    for (let count = 1; ; count += 1) {
      try {
        return await call(url, { headers });
      } catch (error) {
        if (count > repeats || !isPassing(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause * count * count));
      }
    }
  };

  const address = (path: string, query: Query = {}) => {
    const absolute = /^https?:/.test(path) ? path : baseAddress(base) + path;
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      parameters.set(name, String(value));
    const search = parameters.toString();
    return search === "" ? absolute : `${absolute}?${search}`;
  };

  return {
    get: async (path, query) => jsonOf(await read(address(path, query))),
    async *pages(path, query) {
      let next: string | undefined = address(path, query);
      while (next !== undefined) {
        const response: Response = await read(next);
        yield answer(v.array(v.unknown()), await jsonOf(response));
        next = /<([^<>]+)>;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1];
      }
    },
    send: async (method, path, body) => {
      const response = await call(address(path), {
        method,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return jsonOf(response);
    },
  };
}

/** Whether the same call may go well in a moment. */
function isPassing(error: unknown): boolean {
  if (error instanceof RefusedError) return error.refusal.status >= 500;
  return error instanceof CallError && error.class === "unavailable";
}

/** Undefined for an answer without a body. */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.trim() === "") return undefined;
  const data = parsed(text);
  if (data !== undefined) return data;
  throw new CallError(
    "unavailable",
    "the answer isn't of the API",
    "Check that the address of the API is right and no proxy answers in its place.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The whole of a list that isn't long. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

/** Where an answer sends us, as a whole address; the calls themselves follow nothing. */
export function redirection(error: unknown, base: URL): string | undefined {
  if (!(error instanceof RefusedError)) return undefined;
  const { status, headers } = error.refusal;
  const { location } = headers;
  const redirects = [301, 302, 307, 308].includes(status);
  if (!redirects || typeof location !== "string") return undefined;
  return URL.canParse(location, base.href) ? new URL(location, base).href : undefined;
}

/** What is at a path of the API, or where the forge says that it is now. */
export async function getRenamed(rest: Rest, base: URL, path: string): Promise<unknown> {
  try {
    return await rest.get(path);
  } catch (error) {
    const next = redirection(error, base);
    if (next === undefined) throw error;
    return rest.get(next);
  }
}

/** The second way where the first one finds nothing. */
export async function orElse<T>(
  first: () => Promise<T>,
  second: () => Promise<T>,
): Promise<T> {
  try {
    return await first();
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.status === 404) return second();
    throw error;
  }
}

/**
 * The repositories of a list, each on its own: one that can't be used doesn't end it.
 *
 * @param topic only those that have it
 */
export async function* listedRepositories(
  caller: Caller,
  topic: string | undefined,
  pages: () =>
    AsyncIterable<readonly unknown[]> | Promise<AsyncIterable<readonly unknown[]>>,
  repositoryOf: (data: unknown) => Repository | Promise<Repository>,
): AsyncGenerator<Outcome<Repository>> {
  const wanted = topic?.toLowerCase();
  try {
    for await (const page of await pages()) {
      for (const item of page) {
        const found = await attempt(caller, "list", async () => repositoryOf(item));
        const isOther =
          "value" in found &&
          wanted !== undefined &&
          !found.value.topics.some((one) => one.toLowerCase() === wanted);
        if (!isOther) yield found;
      }
    }
  } catch (error) {
    yield { failure: failureOf(caller, "list", error) };
  }
}

/**
 * The repository that a place is, under the name that it was asked for.
 *
 * @param found what the forge has there, or where that led
 * @throws {CallError} of class moved
 */
export function sameRepository(
  place: Pick<Repository, "owner" | "name">,
  found: Repository,
): Repository {
  const before = `${place.owner}/${place.name}`;
  const now = `${found.owner}/${found.name}`;
  if (before.toLowerCase() === now.toLowerCase()) return found;
  throw new CallError(
    "moved",
    `${before} is ${now} now`,
    "Plan again with the new name.",
  );
}
