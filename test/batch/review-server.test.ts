import { request } from "node:http";
import { describe, expect, test } from "vitest";
import type { ReviewData } from "../../src/batch/review/review-data.ts";
import { addPlanned, aptRepositories } from "./planned-store.ts";
import { events, groupsIn, mixed, planned, storeFile } from "./planned-workspace.ts";
import { startReview, type RunningReview } from "./reviewed.ts";
import { openedStore } from "./store/filled-store.ts";

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** As a program that isn't a browser can ask: with whatever headers and path it likes. */
function ask(
  { origin }: RunningReview,
  path: string,
  {
    method = "GET",
    headers = {},
    body,
  }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
      });
      response.on("end", () => {
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: response.headers, body: text });
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** The headers that the page itself sends. */
function own({ origin, token }: RunningReview): Record<string, string> {
  return { authorization: `Bearer ${token}`, origin, "content-type": "application/json" };
}

async function dataOf(review: RunningReview): Promise<ReviewData> {
  const { status, body } = await ask(review, "/data", { headers: own(review) });
  expect(status).toBe(200);
  return JSON.parse(body) as ReviewData;
}

describe("the server of batch review", () => {
  test("serves a page that holds nothing of the campaign, and the data for the token", async () => {
    const space = await planned(mixed);
    const review = await startReview(space);
    expect(review.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(review.token.length).toBeGreaterThanOrEqual(32);
    const page = await ask(review, "/");
    expect(page.status).toBe(200);
    expect(page.body).not.toContain("team/");
    expect(page.body).not.toContain(review.token);
    expect(page.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
    });
    const policy = page.headers["content-security-policy"];
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    const { groups, texts, campaign } = await dataOf(review);
    expect(campaign.name).toBe("Smaller images");
    expect(groups.map(({ hunks }) => hunks.length)).toEqual([1, 3]);
    expect(Object.keys(texts).length).toBe(4);
    expect(await review.end()).toBe(0);
  });

  test("refuses other hosts, origins, sites and tokens, and changes nothing", async () => {
    const space = await planned(mixed);
    const review = await startReview(space);
    const [group] = await groupsIn(space);
    const body = JSON.stringify({
      group: group?.id,
      digest: group?.digest,
      decision: "approve",
    });
    const post = { method: "POST", body };
    const { authorization = "", ...rest } = own(review);
    const json = { "content-type": "application/json" };
    const attempts: readonly (readonly [number, Parameters<typeof ask>[2]])[] = [
      [401, { ...post, headers: rest }],
      [401, { ...post, headers: { ...rest, authorization: "Bearer wrong" } }],
      [401, { ...post, headers: { ...rest, authorization: authorization.slice(0, -1) } }],
      [401, { ...post, headers: { ...rest, cookie: `token=${review.token}` } }],
      [403, { ...post, headers: { ...own(review), host: "evil.example" } }],
      [403, { ...post, headers: { ...own(review), host: "127.0.0.1:1" } }],
      [403, { ...post, headers: { ...own(review), origin: "http://evil.example" } }],
      [403, { ...post, headers: { ...own(review), origin: "null" } }],
      [403, { ...post, headers: { authorization, ...json } }],
      [403, { ...post, headers: { ...own(review), "sec-fetch-site": "cross-site" } }],
      [415, { ...post, headers: { ...own(review), "content-type": "text/plain" } }],
      [405, { headers: own(review) }],
      [405, { method: "PUT", body, headers: own(review) }],
      [400, { method: "POST", body: "{", headers: own(review) }],
      [400, { method: "POST", body: "{}", headers: own(review) }],
      [400, { method: "POST", body: '{"__proto__":{}}', headers: own(review) }],
    ];
    for (const [status, attempt] of attempts) {
      const answer = await ask(review, "/decide", attempt);
      expect(answer.status, JSON.stringify(attempt)).toBe(status);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect((await ask(review, "/data")).status).toBe(401);
    const other = { headers: { ...own(review), host: "evil.example" } };
    expect((await ask(review, "/", other)).status).toBe(403);
    expect(await events(space)).toEqual([]);
  });

  test("knows no other path, however it is spelt", async () => {
    const space = await planned({});
    const review = await startReview(space);
    const paths = [
      ...["/../dockerslim-batch.sqlite", "/%2e%2e/dockerslim-batch.sqlite"],
      ...["//data", "/data/", "/data?x", "/review-page.js", "/decide/../data"],
      ...["/etc/passwd", "/\\data", "/%00", "http://evil.example/data"],
    ];
    for (const path of paths) {
      expect((await ask(review, path)).status, path).toBe(401);
      const answer = await ask(review, path, { headers: own(review) });
      expect(answer.status, path).toBe(404);
    }
  });

  test("records decisions and splits, and refuses what has become stale", async () => {
    const space = await planned(mixed);
    const review = await startReview(space);
    const apt = (await dataOf(review)).groups[1];
    const send = (path: string, value: unknown) =>
      ask(review, path, {
        method: "POST",
        headers: own(review),
        body: JSON.stringify(value),
      });
    const seen = { group: apt?.id, digest: apt?.digest };
    const split = await send("/split", { ...seen, hunks: [apt?.hunks[0]?.hunk] });
    expect(split.status).toBe(200);
    expect((JSON.parse(split.body) as ReviewData).groups.length).toBe(3);

    const stale = await send("/decide", { ...seen, decision: "approve" });
    expect(stale.status).toBe(409);
    expect(stale.body).toContain("load it again");
    const now = (await dataOf(review)).groups.find(({ id }) => id === apt?.id);
    const decided = await send("/decide", {
      group: apt?.id,
      digest: now?.digest,
      decision: "approve",
      except: [now?.hunks[0]?.members[0]?.target],
      opened: [],
    });
    expect(decided.status).toBe(200);
    const states = (await groupsIn(space)).map(({ state, files }) => `${state} ${files}`);
    expect(states.sort()).toEqual(["partly 2", "waiting 1", "waiting 1"]);

    const part = (await dataOf(review)).groups.find(({ isSplitOut }) => isSplitOut);
    const back = await send("/back", { group: part?.id, digest: part?.digest });
    expect(back.status).toBe(200);
    expect((await groupsIn(space)).length).toBe(2);
  });

  test("a plan that changes meanwhile voids what the page has loaded", async () => {
    const space = await planned(mixed);
    const review = await startReview(space);
    const apt = (await dataOf(review)).groups[1];
    const store = await openedStore(space.path(storeFile), "existing");
    await addPlanned(
      store,
      aptRepositories(1, () => "another"),
    );
    await store.close();
    const body = JSON.stringify({
      group: apt?.id,
      digest: apt?.digest,
      decision: "approve",
    });
    const answer = await ask(review, "/decide", {
      method: "POST",
      headers: own(review),
      body,
    });
    expect(answer.status).toBe(409);
    expect(await events(space)).toEqual([]);
  });

  test("a large group has to be looked at here, too", async () => {
    const space = await planned(aptRepositories(21));
    const review = await startReview(space);
    const [group] = (await dataOf(review)).groups;
    const body = { group: group?.id, digest: group?.digest, decision: "approve" };
    const post = (value: object) =>
      ask(review, "/decide", {
        method: "POST",
        headers: own(review),
        body: JSON.stringify(value),
      });
    expect((await post(body)).status).toBe(409);
    expect((await post({ ...body, opened: group?.toOpen })).status).toBe(200);
  });

  test("says when a port is taken, and what is wrong with one", async () => {
    const space = await planned({});
    const review = await startReview(space);
    const { port } = new URL(review.origin);
    const taken = await space.run(["batch", "review", "--port", port]);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain(`port ${port} can't be used`);
    const wrong = await space.run(["batch", "review", "--port", "70000"]);
    expect(wrong.code).toBe(2);
  });
});
