import { handlers } from "../handlers.ts";
import { createVerify } from "node:crypto";
import {
  closeRequest,
  mergeRequest,
  openRequest,
  type TestRepository,
  type TestRequest,
} from "../repositories.ts";
import {
  paged,
  repositoryAt,
  type ForgeState,
  type Operation,
  type Shape,
} from "../shape.ts";
import { ownerOperations } from "./owner-operations.ts";
import {
  account,
  documentation,
  error,
  labelBody,
  prefix,
  refusal,
  repositoryBody,
  requestBody,
} from "./replies.ts";
import { checkCall, checkReply } from "./contract.ts";

/** GitHub's REST API, as a server in a company has it. */
export function gitHubShape(state: ForgeState): Shape {
  return {
    kind: "github",
    prefix,
    operations: [...ownerOperations(state), ...repositoryOperations(state)],
    login: (headers) => loginOf(state, headers["authorization"] ?? ""),
    pathOf: ({ params: { owner, repo } }) =>
      owner === undefined || repo === undefined ? undefined : `${owner}/${repo}`,
    error,
    moved: ({ id }, method) => ({
      status: method === "GET" ? 301 : 307,
      headers: { location: `${state.origin}${prefix}/repositories/${id}` },
      body: { message: "Moved Permanently", url: "", documentation_url: documentation },
    }),
    checkCall,
    checkReply,
  };
}

/** Of a token, or of an App that signs for itself. */
function loginOf({ tokens, apps }: ForgeState, header: string): string | undefined {
  const [, scheme = "", value = ""] = /^(token|bearer) (\S+)$/i.exec(header) ?? [];
  const facts = tokens.get(value);
  if (facts !== undefined) return facts.expiresAt > Date.now() ? facts.login : undefined;
  const [head = "", payload = "", signature = ""] = value.split(".");
  if (scheme.toLowerCase() !== "bearer" || signature === "") return undefined;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as {
    readonly iss: string | number;
    readonly exp: number;
  };
  const id = String(claims.iss);
  const app = apps.get(id);
  const isTrue =
    app !== undefined &&
    createVerify("RSA-SHA256")
      .update(`${head}.${payload}`)
      .verify(app.publicKey, Buffer.from(signature, "base64url"));
  return isTrue && claims.exp * 1000 > Date.now() ? `app/${id}` : undefined;
}

function repositoryOperations(state: ForgeState): Operation[] {
  const { inRepository, inRequest } = handlers({
    repository: ({ params: { owner = "", repo = "" } }) =>
      repositoryAt(state, `${owner}/${repo}`),
    missing: error(404, "Not Found"),
    archived: () => error(403, "Repository was archived so is read-only."),
    writes: ({ params, body }) =>
      params["ref"] === undefined && Object.keys(body).length > 0,
    requestNumber: ({ params }) => params["pull_number"] ?? params["issue_number"],
    missingRequest: error(404, "Not Found"),
  });
  const one = "/repos/{owner}/{repo}";
  const pull = `${one}/pulls/{pull_number}`;
  const issue = `${one}/issues/{issue_number}`;
  const body = (repository: TestRepository, request: TestRequest, short = false) =>
    requestBody(state, repository, request, short);
  return [
    {
      name: "repository",
      id: "repos/get",
      method: "GET",
      path: one,
      run: inRepository((repository) => ({
        status: 200,
        body: repositoryBody(state, repository),
      })),
    },
    {
      name: "requests",
      id: "pulls/list",
      method: "GET",
      path: `${one}/pulls`,
      run: inRepository(async (repository, call) => {
        const { query } = call;
        const wanted = query.get("state") ?? "open";
        const head = query.get("head")?.replace(`${repository.owner}:`, "");
        const found = repository.requests.filter(
          ({ state, branch }) =>
            (wanted === "all" || (wanted === "open") === (state === "open")) &&
            (head === undefined || head === branch),
        );
        const { owner, name } = repository;
        const path = `${prefix}/repos/${owner}/${name}/pulls`;
        const { items, headers } = paged(state, found.reverse(), call, path);
        const bodies = items.map(async (request) => body(repository, request, true));
        return { status: 200, headers, body: await Promise.all(bodies) };
      }),
    },
    {
      name: "create",
      id: "pulls/create",
      method: "POST",
      path: `${one}/pulls`,
      run: inRepository(async (repository, { body: wanted, login }) => {
        const made = await openRequest(repository, {
          author: login,
          branch: String(wanted["head"]),
          base: String(wanted["base"]),
          title: String(wanted["title"]),
          body: typeof wanted["body"] === "string" ? wanted["body"] : "",
          draft: wanted["draft"] === true,
        });
        if (typeof made === "string")
          return refusal(made, repository, String(wanted["head"]));
        return { status: 201, body: await body(repository, made) };
      }),
    },
    {
      name: "request",
      id: "pulls/get",
      method: "GET",
      path: pull,
      run: inRequest(async (repository, request) => ({
        status: 200,
        body: await body(repository, request),
      })),
    },
    {
      name: "update",
      id: "pulls/update",
      method: "PATCH",
      path: pull,
      run: inRequest(async (repository, request, { body: change }) => {
        if (typeof change["title"] === "string") request.title = change["title"];
        if (typeof change["body"] === "string") request.body = change["body"];
        if (change["state"] === "closed" && request.state === "open") {
          await closeRequest(repository, request);
        }
        return { status: 200, body: await body(repository, request) };
      }),
    },
    {
      name: "merge",
      id: "pulls/merge",
      method: "PUT",
      path: `${pull}/merge`,
      run: inRequest(
        async (repository, request, { body: { sha, merge_method: how } }) => {
          const head = typeof sha === "string" ? sha : undefined;
          const refused = await mergeRequest(
            repository,
            request,
            head,
            typeof how === "string" ? how : "merge",
          );
          if (refused !== undefined) return refusal(refused, repository, request.branch);
          const merged = { sha: request.mergeCommit, merged: true };
          return {
            status: 200,
            body: { ...merged, message: "Pull Request successfully merged" },
          };
        },
      ),
    },
    {
      name: "labels",
      id: "issues/add-labels",
      method: "POST",
      path: `${issue}/labels`,
      run: inRequest((_repository, request, { body: { labels } }) => {
        for (const label of labels as string[]) request.labels.add(label);
        return { status: 200, body: [...request.labels].map(labelBody) };
      }),
    },
    {
      name: "reviewers",
      id: "pulls/request-reviewers",
      method: "POST",
      path: `${pull}/requested_reviewers`,
      run: inRequest(async (repository, request, { body: wanted }) => {
        for (const name of (wanted["reviewers"] ?? []) as string[])
          request.reviewers.add(name);
        for (const name of (wanted["team_reviewers"] ?? []) as string[])
          request.teams.add(name);
        return { status: 201, body: await body(repository, request, true) };
      }),
    },
    {
      name: "comment",
      id: "issues/create-comment",
      method: "POST",
      path: `${issue}/comments`,
      run: inRequest((_repository, request, { body: { body: text }, login }) => {
        request.comments.push(String(text));
        const id = request.comments.length;
        return { status: 201, body: { id, body: text, user: account(login) } };
      }),
    },
    {
      name: "checks",
      id: "checks/list-for-ref",
      method: "GET",
      path: `${one}/commits/{ref}/check-runs`,
      run: inRepository((repository, { params: { ref = "" } }) => {
        const { checks, checksBy } = repository;
        const none = checks === "none" || checksBy === "status";
        const conclusion = {
          pending: null,
          green: "success",
          red: "failure",
          none: null,
        }[checks];
        const status = checks === "pending" ? "in_progress" : "completed";
        const run = { id: 1, head_sha: ref, name: "build", status, conclusion };
        const runs = none ? [] : [run];
        return { status: 200, body: { total_count: runs.length, check_runs: runs } };
      }),
    },
    {
      name: "statuses",
      id: "repos/get-combined-status-for-ref",
      method: "GET",
      path: `${one}/commits/{ref}/status`,
      run: inRepository((repository, { params: { ref = "" } }) => {
        const { checks, checksBy } = repository;
        const none = checks === "none" || checksBy === "run";
        const state = {
          pending: "pending",
          green: "success",
          red: "failure",
          none: "pending",
        };
        const total = none ? 0 : 1;
        const word = none ? "pending" : state[checks];
        return { status: 200, body: { sha: ref, state: word, total_count: total } };
      }),
    },
  ];
}
