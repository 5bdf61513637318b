import type { ServerResponse } from "node:http";
import type { CallName, Reply } from "./shape.ts";

/**
 * What goes wrong. Those named `after…` happen once the forge has done what it was asked.
 *
 * - secondary-limit: 403 with Retry-After; secondary-limit-bare: without
 * - spent: 403, nothing remaining until x-ratelimit-reset; too-many: 429
 * - unauthorized, forbidden, not-found, gone, conflict, unprocessable: the status as such
 * - bad-gateway, after-bad-gateway: 502
 * - cut, after-cut: the connection ends without an answer
 * - hang: no answer ever; slow-body: the answer comes byte by byte
 * - not-json: a proxy's page with status 200
 * - huge: an answer without an end
 * - redirect-away: 302 to an address inside; redirect-same: 302 on the same host
 * - echo: 403 that repeats the call's headers
 */
export type FaultKind =
  | "secondary-limit"
  | "secondary-limit-bare"
  | "spent"
  | "too-many"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "gone"
  | "conflict"
  | "unprocessable"
  | "bad-gateway"
  | "after-bad-gateway"
  | "cut"
  | "after-cut"
  | "hang"
  | "after-hang"
  | "slow-body"
  | "not-json"
  | "huge"
  | "redirect-away"
  | "redirect-same"
  | "echo";

export interface Fault {
  readonly call: CallName;
  /** How many calls it spoils; default 1. */
  readonly times?: number;
  /** How many calls go by before; default 0. */
  readonly skip?: number;
  /** Done before the call is answered, or spoilt: what a person does meanwhile, say. */
  readonly first?: () => Promise<unknown>;
  /** None: `first` is all. */
  readonly kind?: FaultKind;
}

const statuses: Partial<Record<FaultKind, number>> = {
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  gone: 410,
  conflict: 409,
  unprocessable: 422,
  "bad-gateway": 502,
  "after-bad-gateway": 502,
};

/** The answer of a fault that is an answer; undefined for those that are none. */
export function faultyReply(
  kind: FaultKind,
  error: (status: number, message: string) => Reply,
  headers: Readonly<Record<string, string>>,
  origin: string,
): Reply | undefined {
  const inAMinute = String(Math.floor(Date.now() / 1000) + 60);
  const secondary =
    "You have exceeded a secondary rate limit. Please wait a few minutes.";
  const status = statuses[kind];
  if (status !== undefined) return error(status, `Fault: ${kind}`);
  switch (kind) {
    case "secondary-limit":
      return { ...error(403, secondary), headers: { "retry-after": "7" } };
    case "secondary-limit-bare":
      return error(403, secondary);
    case "spent":
      return {
        ...error(403, "API rate limit exceeded for user."),
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inAMinute },
      };
    case "too-many":
      return { ...error(429, "Too many requests"), headers: { "retry-after": "3" } };
    case "redirect-away":
      return { status: 302, headers: { location: "http://169.254.169.254/latest" } };
    case "redirect-same":
      return { status: 302, headers: { location: `${origin}/elsewhere` } };
    case "echo":
      return error(403, `Refused: ${JSON.stringify(headers)}`);
    default:
      return undefined;
  }
}

/** Spoils the connection in the way of a fault that is no answer. */
export function spoil(kind: FaultKind, response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  switch (kind) {
    case "hang":
    case "after-hang":
      return;
    case "slow-body": {
      response.writeHead(200, json);
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => {
        clearInterval(timer);
      });
      return;
    }
    case "huge": {
      response.writeHead(200, json);
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(1024 * 1024)));
      };
      response.on("drain", more);
      more();
      return;
    }
    case "not-json":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><body>Please log in to the proxy</body></html>");
      return;
    default:
      response.destroy();
  }
}
