import type {
  APIError,
  CombinedStatus,
  Comment,
  Label,
  Organization,
  TopicName,
  User,
} from "gitea-js";
import {
  createdRequest,
  handlers,
  listedRepositories,
  listedRequests,
  titledBy,
} from "../handlers.ts";
import { checkParameters } from "../parameters.ts";
import {
  closeRequest,
  mergeRequest,
  type Refused,
  type TestRepository,
  type TestRequest,
} from "../repositories.ts";
import {
  repositoryAt,
  tokenLogin,
  type Call,
  type ForgeState,
  type Operation,
  type Reply,
  type Shape,
} from "../shape.ts";
import { parameters } from "./calls.ts";
import { repositoryBody, requestBody } from "./replies.ts";

const prefix = "/api/v1";

/**
 * The REST API of Gitea and Forgejo. Its answers, and the names that a call may have, are of
 * the types of gitea-js, which is made of Gitea's published description (`/api/swagger`).
 */
export function giteaShape(state: ForgeState): Shape {
  return {
    kind: "gitea",
    prefix,
    operations: operations(state),
    login: (headers) =>
      tokenLogin(state, /^token (\S+)$/.exec(headers["authorization"] ?? "")?.[1]),
    pathOf: ({ params: { owner, repo } }) =>
      owner === undefined || repo === undefined ? undefined : `${owner}/${repo}`,
    error,
    moved: ({ owner, name }, method) => ({
      status: method === "GET" ? 301 : 307,
      headers: { location: `${state.origin}${prefix}/repos/${owner}/${name}` },
    }),
    checkCall: (operation, call) => checkParameters(parameters, operation, call),
    checkReply: (_operation, reply) => ({ reply, problems: [] }),
  };
}

function error(status: number, message: string): Reply {
  const url = "https://forge.example.com/api/swagger";
  return { status, body: { message, url } satisfies APIError };
}

function operations(state: ForgeState): Operation[] {
  /** Labels of all repositories; the number is the place in the list. */
  const labels: { readonly repository: number; readonly name: string }[] = [];
  const { inRepository, inRequest } = handlers({
    repository: ({ params: { owner = "", repo = "" } }) =>
      repositoryAt(state, `${owner}/${repo}`),
    missing: error(404, "The target couldn't be found."),
    archived: ({ owner, name }) => error(423, `${owner}/${name} is archived`),
    requestNumber: ({ params: { index } }) => index,
    missingRequest: error(404, "Not found"),
  });
  const listed = (call: Call, path: string, owner: string): Reply =>
    listedRepositories(state, call, prefix + path, {
      wanted: (repository) => repository.owner === owner,
      body: (repository) => repositoryBody(state, repository),
    });
  const bodyOf = (repository: TestRepository, request: TestRequest) =>
    requestBody(state, repository, request);
  const one = "/repos/{owner}/{repo}";
  const pull = `${one}/pulls/{index}`;
  return [
    {
      name: "identity",
      id: "userGetCurrent",
      method: "GET",
      path: "/user",
      run: ({ login }) => ({ status: 200, body: { login } satisfies User }),
    },
    {
      name: "identity",
      id: "orgGet",
      method: "GET",
      path: "/orgs/{org}",
      run: ({ params: { org = "" } }) =>
        state.people.has(org)
          ? error(404, "Not found")
          : { status: 200, body: { username: org } satisfies Organization },
    },
    {
      name: "list",
      id: "orgListRepos",
      method: "GET",
      path: "/orgs/{org}/repos",
      run: (call) => {
        const { org = "" } = call.params;
        return listed(call, `/orgs/${org}/repos`, org);
      },
    },
    {
      name: "list",
      id: "userListRepos",
      method: "GET",
      path: "/users/{user}/repos",
      run: (call) => {
        const { user = "" } = call.params;
        return listed(call, `/users/${user}/repos`, user);
      },
    },
    {
      name: "repository",
      id: "repoGet",
      method: "GET",
      path: one,
      run: inRepository((found) => ({ status: 200, body: repositoryBody(state, found) })),
    },
    {
      name: "repository",
      id: "repoListTopics",
      method: "GET",
      path: `${one}/topics`,
      run: inRepository(({ topics }) => ({
        status: 200,
        body: { topics: [...topics] } satisfies TopicName,
      })),
    },
    {
      name: "requests",
      id: "repoListPullRequests",
      method: "GET",
      path: `${one}/pulls`,
      run: inRepository((found, call) => {
        const chosen = call.query.get("state") ?? "open";
        return listedRequests(state, found, call, {
          path: `${prefix}/repos/${found.owner}/${found.name}/pulls`,
          wanted: (request) =>
            chosen === "all" || (chosen === "open") === (request.state === "open"),
          body: bodyOf,
        });
      }),
    },
    {
      name: "create",
      id: "repoCreatePullRequest",
      method: "POST",
      path: `${one}/pulls`,
      run: inRepository((found, { body, login }) => {
        const wanted = {
          author: login,
          branch: String(body["head"]),
          base: String(body["base"]),
          ...titled(String(body["title"])),
          body: typeof body["body"] === "string" ? body["body"] : "",
        };
        return createdRequest(found, wanted, { body: bodyOf, refusal });
      }),
    },
    {
      name: "request",
      id: "repoGetPullRequest",
      method: "GET",
      path: pull,
      run: inRequest(async (found, request) => ({
        status: 200,
        body: await requestBody(state, found, request),
      })),
    },
    {
      name: "update",
      id: "repoEditPullRequest",
      method: "PATCH",
      path: pull,
      run: inRequest(async (found, request, { body }) => {
        if (typeof body["title"] === "string")
          Object.assign(request, titled(body["title"]));
        if (typeof body["body"] === "string") request.body = body["body"];
        if (body["state"] === "closed" && request.state === "open") {
          await closeRequest(found, request);
        }
        return { status: 201, body: await requestBody(state, found, request) };
      }),
    },
    {
      name: "merge",
      id: "repoMergePullRequest",
      method: "POST",
      path: `${pull}/merge`,
      run: inRequest(
        async (found, request, { body: { Do: how, head_commit_id: head } }) => {
          const refused = await mergeRequest(
            found,
            request,
            typeof head === "string" ? head : undefined,
            String(how),
          );
          return refused === undefined ? { status: 200 } : refusal(refused);
        },
      ),
    },
    {
      name: "labels",
      id: "issueListLabels",
      method: "GET",
      path: `${one}/labels`,
      run: inRepository((found) => ({
        status: 200,
        body: labels
          .map(({ repository, name }, index) => ({ id: index + 1, name, repository }))
          .filter(({ repository }) => repository === found.id)
          .map(({ id, name }) => ({ id, name }) satisfies Label),
      })),
    },
    {
      name: "labels",
      id: "orgListLabels",
      method: "GET",
      path: "/orgs/{org}/labels",
      run: ({ params: { org = "" } }) =>
        state.people.has(org) ? error(404, "Not found") : { status: 200, body: [] },
    },
    {
      name: "labels",
      id: "issueCreateLabel",
      method: "POST",
      path: `${one}/labels`,
      run: inRepository((found, { body }) => {
        const name = String(body["name"]);
        labels.push({ repository: found.id, name });
        return { status: 201, body: { id: labels.length, name } satisfies Label };
      }),
    },
    {
      name: "labels",
      id: "issueAddLabel",
      method: "POST",
      path: `${one}/issues/{index}/labels`,
      run: inRequest((_found, request, { body }) => {
        for (const id of body["labels"] as number[]) {
          const label = labels[id - 1];
          if (label === undefined) return error(422, "There is no such label");
          request.labels.add(label.name);
        }
        return { status: 200, body: [] };
      }),
    },
    {
      name: "reviewers",
      id: "repoCreatePullReviewRequests",
      method: "POST",
      path: `${pull}/requested_reviewers`,
      run: inRequest((_found, request, { body }) => {
        for (const name of (body["reviewers"] ?? []) as string[])
          request.reviewers.add(name);
        for (const name of (body["team_reviewers"] ?? []) as string[])
          request.teams.add(name);
        return { status: 201, body: [] };
      }),
    },
    {
      name: "comment",
      id: "issueCreateComment",
      method: "POST",
      path: `${one}/issues/{index}/comments`,
      run: inRequest((_found, request, { body: { body: text } }) => {
        request.comments.push(String(text));
        const id = request.comments.length;
        return { status: 201, body: { id, body: String(text) } satisfies Comment };
      }),
    },
    {
      name: "checks",
      id: "repoGetCombinedStatusByRef",
      method: "GET",
      path: `${one}/commits/{ref}/status`,
      run: inRepository(({ checks }) => {
        const word = {
          pending: "pending",
          green: "success",
          red: "failure",
          none: "pending",
        };
        const count = checks === "none" ? 0 : 1;
        const body = { state: word[checks], total_count: count } satisfies CombinedStatus;
        return { status: 200, body };
      }),
    },
  ];
}

const titled = titledBy("WIP: ");

function refusal(refused: Refused): Reply {
  switch (refused) {
    case "archived":
      return error(423, "The repository is archived");
    case "duplicate":
      return error(409, "pull request already exists for these targets");
    case "no-branch":
      return error(404, "The target couldn't be found.");
    case "no-commits":
      return error(422, "There are no changes between the branches");
    case "head-moved":
      return error(409, "head out of date");
    case "not-open":
    case "conflict":
      return error(405, "Please try again later");
  }
}
