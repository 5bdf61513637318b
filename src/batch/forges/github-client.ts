import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import { baseAddress, CallError, hostFetch, RefusedError } from "./call.ts";
import { messageIn } from "./failure.ts";
import type { ForgeSettings } from "./open-forge.ts";

const Client = Octokit.plugin(paginateRest, retry);
export type GitHubClient = InstanceType<typeof Client>;

/** How often a call that only reads is made again. */
const repeats = 2;

/** @param used the token of the call that was refused, undefined before the first one */
type TokenFor = (used?: string) => Promise<string>;

/**
 * Octokit for one host. Calls that write are never repeated, and rate limits are left to
 * those who keep the budget.
 *
 * @param token Undefined for calls that bring their own authorization.
 * @throws {RefusedError | CallError} from each of its calls
 */
export function gitHubClient(
  base: URL,
  { timeout, pause = 1000 }: ForgeSettings,
  token?: TokenFor,
): GitHubClient {
  const silent = () => undefined;
  const client = new Client({
    baseUrl: baseAddress(base),
    userAgent: "dockerslim",
    request: { fetch: hostFetch(base, timeout) },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    retry: {
      retries: repeats,
      retryAfterBaseValue: pause,
      doNotRetry: [400, 401, 403, 404, 405, 409, 410, 422, 429, 451],
    },
  });
  client.hook.wrap("request", async (request, options) => {
    // Naming a number for reads here would make the plugin repeat refusals too.
    if (options.method !== "GET") options.request = { ...options.request, retries: 0 };
    try {
      if (token === undefined) return expected(await request(options));
      const first = await token();
      options.headers.authorization = `token ${first}`;
      try {
        return expected(await request(options));
      } catch (error) {
        if (statusOf(error) !== 401) throw error;
        // Refused, so nothing was done: the call may be made once more.
        const second = await token(first);
        if (second === first) throw error;
        options.headers.authorization = `token ${second}`;
        return expected(await request(options));
      }
    } catch (error) {
      throw known(error);
    }
  });
  return client;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** Octokit takes a redirect that isn't followed for success. */
function expected<T extends Answer>(response: T): T {
  const { status, headers } = response;
  if (status < 300) return response;
  throw new RefusedError({ status, headers, message: messageIn(response.data) });
}

function statusOf(error: unknown): number | undefined {
  return answerIn(error)?.status;
}

/** What octokit throws has the whole request in it; only what the forge said is kept. */
function known(error: unknown): unknown {
  if (error instanceof Error && error.cause instanceof CallError) return error.cause;
  const found = answerIn(error);
  if (found === undefined) return error;
  const { status, headers, data } = found;
  return new RefusedError({ status, headers, message: messageIn(data) });
}

function answerIn(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || error.name !== "HttpError") return undefined;
  return (error as Error & { readonly response?: Answer }).response;
}
