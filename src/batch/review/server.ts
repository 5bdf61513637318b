import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import { decide, type Refusal } from "../groups/decide.ts";
import { decisionSchema, splitSchema } from "../groups/decisions-schema.ts";
import { mergeBack, splitGroup, type SplitOutcome } from "../groups/split.ts";
import type { Store } from "../store/store.ts";
import { reviewPage } from "./page.ts";
import { readReview, readReviewGroups } from "./read-review.ts";

export interface ReviewServer {
  /** With the token in its fragment, which browsers send to nobody. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

const mostBytes = 16_000_000;

/**
 * Serves the page on the loopback interface. Whoever has the token may decide: each request
 * but that for the page itself, in which there is nothing of the campaign, has to carry it.
 *
 * @param port 0 for a free one.
 * @param groups Ids of those to show; none means all.
 */
export async function serveReview(
  store: Store,
  {
    port,
    who,
    groups,
  }: { readonly port: number; readonly who: string; readonly groups: readonly string[] },
): Promise<ReviewServer> {
  const token = randomBytes(24).toString("base64url");
  const { text, policy } = reviewPage(undefined);
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) => {
      response.writeHead(status, {
        ...headers,
        "content-type": `${type}; charset=utf-8`,
        "content-security-policy": `${policy}; frame-ancestors 'none'`,
      });
      response.end(request.method === "HEAD" ? "" : body);
    };
    const sendJson = ({ status, value }: Answer) => {
      send(status, "application/json", JSON.stringify(value));
    };
    const address = server.address() as AddressInfo;
    const refused = refusal(request, address.port);
    if (refused !== undefined) {
      sendJson(refused);
      return;
    }
    const isReading = request.method === "GET" || request.method === "HEAD";
    if (isReading && request.url === "/") {
      send(200, "text/html", text);
      return;
    }
    if (!hasToken(request, token)) {
      sendJson(problem(401, "the token is missing or wrong"));
      return;
    }
    answerTo(request, { store, who, groups }).then(sendJson, (error: unknown) => {
      sendJson(problem(500, error instanceof Error ? error.message : String(error)));
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  await listen(server, port);
  const { port: used } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${used}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const headers = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/**
 * Another page in the same browser could reach this server under a name of its own that it
 * lets point here, or send requests without reading the answers.
 */
function refusal({ headers: sent }: IncomingMessage, port: number): Answer | undefined {
  const hosts = ["127.0.0.1", "localhost"].map((host) => `${host}:${port}`);
  if (!hosts.includes(sent.host ?? "")) return problem(403, "the Host is another one");
  const { origin } = sent;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return problem(403, "the Origin is another one");
  }
  const site = sent["sec-fetch-site"];
  // Somebody may have followed a link to the page: it shows nothing without the token.
  const isElsewhere = site === "cross-site" && sent["sec-fetch-mode"] !== "navigate";
  return isElsewhere ? problem(403, "the request comes from another site") : undefined;
}

function hasToken({ headers: { authorization = "" } }: IncomingMessage, token: string) {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

interface Work {
  readonly store: Store;
  readonly who: string;
  readonly groups: readonly string[];
}

const seenSchema = v.omit(splitSchema, ["hunks"]);

async function answerTo(request: IncomingMessage, work: Work): Promise<Answer> {
  const { method, url = "" } = request;
  const { store, who, groups } = work;
  if (method === "GET" && url === "/data") {
    return { status: 200, value: await readReview(store.db, groups) };
  }
  if (!["/decide", "/split", "/back"].includes(url))
    return problem(404, "there is no such page");
  if (method !== "POST") return problem(405, "only POST changes anything");
  if (request.headers.origin === undefined) return problem(403, "the Origin is missing");
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) {
    return problem(415, "it has to be JSON");
  }
  const body = await readBody(request);
  if (body === undefined) return problem(413, "that is too much");
  switch (url) {
    case "/decide": {
      const asked = v.safeParse(decisionSchema, body);
      if (!asked.success) return problem(400, asked.issues[0].message);
      const decision = {
        ...asked.output,
        hunks: asked.output.hunks,
        only: asked.output.only,
      };
      const outcome = await decide(store, [decision], {
        who,
        mustOpen: true,
        dryRun: false,
      });
      return "refused" in outcome
        ? problem(409, refusedText(outcome.refused))
        : changed(work);
    }
    case "/split": {
      const asked = v.safeParse(splitSchema, body);
      if (!asked.success) return problem(400, asked.issues[0].message);
      const { group: id, digest, hunks } = asked.output;
      return splitAnswer(await splitGroup(store, { id, digest }, hunks, false), work);
    }
    default: {
      const asked = v.safeParse(seenSchema, body);
      if (!asked.success) return problem(400, asked.issues[0].message);
      const { group: id, digest } = asked.output;
      return splitAnswer(await mergeBack(store, { id, digest }, false), work);
    }
  }
}

/** The groups as they are after the change, without the texts, which the page has. */
async function changed({ store, groups }: Work): Promise<Answer> {
  return { status: 200, value: { groups: await readReviewGroups(store.db, groups) } };
}

async function splitAnswer(outcome: SplitOutcome, work: Work): Promise<Answer> {
  if (!("refused" in outcome)) return changed(work);
  return outcome.refused === "nothing"
    ? problem(409, "There is nothing to split.")
    : problem(409, staleText);
}

const staleText = "The plan has changed since this page was loaded: load it again.";

function refusedText({ reason }: Refusal): string {
  switch (reason) {
    case "unknown":
    case "stale":
      return staleText;
    case "empty":
      return "No file is left to decide about.";
    case "unopened":
      return "The group is large: look at some of its files first.";
  }
}

function problem(status: number, text: string): Answer {
  return { status, value: { problem: text } };
}

/** @returns undefined where it is too long, and an empty text where it is no JSON */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch {
    return "";
  }
}
