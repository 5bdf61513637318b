import type { MergeRequestSchema, ProjectSchema } from "@gitbeaker/rest";
import {
  createdRequest,
  handlers,
  listedRepositories,
  listedRequests,
  titledBy,
} from "../handlers.ts";
import { checkParameters, type Parameters } from "../parameters.ts";
import {
  closeRequest,
  mergeRequest,
  requestHead,
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

const prefix = "/api/v4";

/**
 * GitLab's REST API, by https://docs.gitlab.com/api/; its answers have the types of gitbeaker,
 * which follow GitLab's documentation.
 */
export function gitLabShape(state: ForgeState): Shape {
  return {
    kind: "gitlab",
    prefix,
    operations: operations(state),
    login: (headers) =>
      tokenLogin(state, /^Bearer (\S+)$/.exec(headers["authorization"] ?? "")?.[1]),
    pathOf: ({ params: { project } }) => project,
    error,
    // https://docs.gitlab.com/api/rest/#redirects
    moved: ({ id }, method) =>
      method === "GET"
        ? {
            status: 301,
            headers: { location: `${state.origin}${prefix}/projects/${id}` },
          }
        : error(405, "Non GET methods are not allowed for moved projects"),
    checkCall: (operation, call) => checkParameters(parameters, operation, call),
    checkReply: (_operation, reply) => ({ reply, problems: [] }),
  };
}

const list = ["page", "per_page", "order_by", "sort"];
const texts = ["title", "description"];

const parameters: Readonly<Record<string, Parameters>> = {
  "GET /groups/:id": { query: ["with_projects"] },
  "GET /groups/:id/projects": { query: [...list, "include_subgroups", "with_shared"] },
  "GET /users/:id/projects": { query: list },
  "GET /users": { query: ["username"] },
  "GET merge_requests": { query: [...list, "source_branch", "state"] },
  "GET statuses": { query: list },
  "POST merge_requests": {
    body: ["source_branch", "target_branch", ...texts],
    required: ["source_branch", "target_branch", "title"],
  },
  "PUT merge_request": { body: [...texts, "state_event", "add_labels", "reviewer_ids"] },
  "PUT merge": { body: ["sha", "squash"] },
  "POST notes": { body: ["body"], required: ["body"] },
};

function error(status: number, message: string): Reply {
  return { status, body: { message: `${status} ${message}` } };
}

/** Accounts by name: every account has a number. */
const accountNumber = (name: string) =>
  Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 100_000, 7);

function operations(state: ForgeState): Operation[] {
  const { inRepository: inProject, inRequest } = handlers({
    repository: ({ params: { project = "" } }) =>
      state.repositories.find(({ id }) => String(id) === project) ??
      repositoryAt(state, project),
    missing: error(404, "Project Not Found"),
    archived: () => error(403, "Forbidden - The project is archived"),
    requestNumber: ({ params: { iid } }) => iid,
    missingRequest: error(404, "Not found"),
  });
  const listed = (
    call: Call,
    path: string,
    wanted: (one: TestRepository) => boolean,
  ): Reply =>
    listedRepositories(state, call, prefix + path, {
      wanted,
      body: (one) => projectBody(state, one),
    });
  const bodyOf = (found: TestRepository, one: TestRequest) =>
    requestBody(state, found, one);
  const project = "/projects/{project}";
  const request = `${project}/merge_requests/{iid}`;
  return [
    {
      name: "identity",
      id: "GET /user",
      method: "GET",
      path: "/user",
      run: ({ login }) => ({
        status: 200,
        body: { id: accountNumber(login), username: login },
      }),
    },
    {
      name: "reviewers",
      id: "GET /users",
      method: "GET",
      path: "/users",
      run: ({ query }) => {
        const username = query.get("username") ?? "";
        const found =
          username === "nobody" ? [] : [{ id: accountNumber(username), username }];
        return { status: 200, body: found };
      },
    },
    {
      name: "identity",
      id: "GET /groups/:id",
      method: "GET",
      path: "/groups/{group}",
      run: ({ params: { group = "" } }) =>
        state.people.has(group)
          ? error(404, "Group Not Found")
          : { status: 200, body: { full_path: group } },
    },
    {
      name: "list",
      id: "GET /groups/:id/projects",
      method: "GET",
      path: "/groups/{group}/projects",
      run: (call) => {
        const { group = "" } = call.params;
        const path = `/groups/${encodeURIComponent(group)}/projects`;
        return listed(call, path, ({ owner }) => `${owner}/`.startsWith(`${group}/`));
      },
    },
    {
      name: "list",
      id: "GET /users/:id/projects",
      method: "GET",
      path: "/users/{user}/projects",
      run: (call) => {
        const { user = "" } = call.params;
        return listed(call, `/users/${user}/projects`, ({ owner }) => owner === user);
      },
    },
    {
      name: "repository",
      id: "GET /projects/:id",
      method: "GET",
      path: project,
      run: inProject((found) => ({ status: 200, body: projectBody(state, found) })),
    },
    {
      name: "requests",
      id: "GET merge_requests",
      method: "GET",
      path: `${project}/merge_requests`,
      run: inProject((found, call) => {
        const chosen = call.query.get("state") ?? "all";
        const source = call.query.get("source_branch");
        return listedRequests(state, found, call, {
          path: `${prefix}/projects/${found.id}/merge_requests`,
          wanted: (one) =>
            (chosen === "all" || stateWords[one.state] === chosen) &&
            (source === null || source === one.branch),
          body: bodyOf,
        });
      }),
    },
    {
      name: "create",
      id: "POST merge_requests",
      method: "POST",
      path: `${project}/merge_requests`,
      run: inProject((found, { body, login }) => {
        const wanted = {
          author: login,
          branch: String(body["source_branch"]),
          base: String(body["target_branch"]),
          ...titled(String(body["title"])),
          body: typeof body["description"] === "string" ? body["description"] : "",
        };
        return createdRequest(found, wanted, {
          body: bodyOf,
          refusal: (refused) => refusal(refused, wanted.branch),
        });
      }),
    },
    {
      name: "request",
      id: "GET merge_request",
      method: "GET",
      path: request,
      run: inRequest(async (found, one) => ({
        status: 200,
        body: await requestBody(state, found, one),
      })),
    },
    {
      name: "update",
      id: "PUT merge_request",
      method: "PUT",
      path: request,
      run: inRequest(async (found, one, { body }) => {
        if (typeof body["title"] === "string") Object.assign(one, titled(body["title"]));
        if (typeof body["description"] === "string") one.body = body["description"];
        if (body["state_event"] === "close" && one.state === "open") {
          await closeRequest(found, one);
        }
        if (typeof body["add_labels"] === "string") {
          for (const label of body["add_labels"].split(",")) one.labels.add(label);
        }
        if (Array.isArray(body["reviewer_ids"])) {
          const ids = body["reviewer_ids"] as number[];
          const names = [...one.reviewers, ...state.people];
          one.reviewers.clear();
          for (const id of ids) {
            const name = names.find((each) => accountNumber(each) === id);
            if (name !== undefined) one.reviewers.add(name);
          }
        }
        return { status: 200, body: await requestBody(state, found, one) };
      }),
    },
    {
      name: "merge",
      id: "PUT merge",
      method: "PUT",
      path: `${request}/merge`,
      run: inRequest(async (found, one, { body: { sha, squash } }) => {
        const head = typeof sha === "string" ? sha : undefined;
        const how = squash === true ? "squash" : "merge";
        const refused = await mergeRequest(found, one, head, how);
        return refused === undefined
          ? { status: 200, body: await requestBody(state, found, one) }
          : refusal(refused, one.branch);
      }),
    },
    {
      name: "comment",
      id: "POST notes",
      method: "POST",
      path: `${request}/notes`,
      run: inRequest((_found, one, { body: { body: text } }) => {
        one.comments.push(String(text));
        return { status: 201, body: { id: one.comments.length, body: text } };
      }),
    },
    {
      name: "checks",
      id: "GET statuses",
      method: "GET",
      path: `${project}/repository/commits/{sha}/statuses`,
      run: inProject(({ checks }) => {
        const word = { pending: "running", green: "success", red: "failed", none: "" }[
          checks
        ];
        // One that may fail says nothing.
        const optional = { status: "failed", allow_failure: true, name: "lint" };
        const build = { status: word, allow_failure: false, name: "build" };
        return { status: 200, body: checks === "none" ? [] : [optional, build] };
      }),
    },
  ];
}

const stateWords = { open: "opened", merged: "merged", closed: "closed" } as const;

const titled = titledBy("Draft: ");

function refusal(refused: Refused, branch: string): Reply {
  switch (refused) {
    case "archived":
      return error(403, "Forbidden - The project is archived");
    case "duplicate": {
      const words = `Another open merge request already exists for this source branch: ${branch}`;
      return { status: 409, body: { message: [words] } };
    }
    case "no-branch":
    case "no-commits":
      return { status: 422, body: { message: { base: ["There is nothing to merge"] } } };
    case "head-moved":
      return {
        status: 409,
        body: { message: "SHA does not match HEAD of source branch" },
      };
    case "not-open":
    case "conflict":
      return error(405, "Method Not Allowed");
  }
}

function projectBody(
  { origin }: ForgeState,
  repository: TestRepository,
): Partial<Omit<ProjectSchema, "namespace">> {
  const { id, owner, name, archived, fork, defaultBranch, topics } = repository;
  return {
    id,
    path: name,
    path_with_namespace: `${owner}/${name}`,
    namespace: { full_path: owner },
    http_url_to_repo: repository.cloneUrl ?? `${origin}/${owner}/${name}.git`,
    default_branch: defaultBranch,
    archived,
    topics: [...topics],
    ...(fork && { forked_from_project: { id: id + 1000 } }),
  };
}

async function requestBody(
  { origin }: ForgeState,
  repository: TestRepository,
  request: TestRequest,
): Promise<
  Partial<Omit<MergeRequestSchema, "reviewers">> & { readonly reviewers: unknown }
> {
  const { owner, name, id } = repository;
  const { number, title, body, draft, branch, base } = request;
  return {
    iid: number,
    web_url: `${origin}/${owner}/${name}/-/merge_requests/${number}`,
    state: stateWords[request.state],
    title: draft ? `Draft: ${title}` : title,
    description: body,
    draft,
    sha: await requestHead(repository, request),
    source_branch: branch,
    target_branch: base,
    source_project_id: id,
    target_project_id: id,
    reviewers: [...request.reviewers].map((username) => ({
      id: accountNumber(username),
      username,
    })),
  };
}
