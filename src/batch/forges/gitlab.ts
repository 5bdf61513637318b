import * as v from "valibot";
import type { Outcome } from "../target-state.ts";
import { answer, checkedRepository, commitId, pageUrl } from "./answers.ts";
import { apiBase, CallError } from "./call.ts";
import { attempt, type Caller } from "./failure.ts";
import type {
  ChangeRequest,
  Checks,
  Forge,
  Repository,
  RepositoryPlace,
} from "./forge.ts";
import type { ForgeSettings } from "./open-forge.ts";
import {
  all,
  getRenamed,
  listedRepositories,
  orElse,
  restClient,
  sameRepository,
  type Rest,
} from "./rest.ts";
import { tokenOf } from "./tokens.ts";

/** GitLab, from version 15 on. */
export async function openGitLab(
  host: string,
  settings: ForgeSettings,
): Promise<Outcome<Forge>> {
  const tokenHint = `Set GITLAB_TOKEN to a token for ${host} with the scopes api and write_repository${host === "gitlab.com" ? "" : `, and GITLAB_HOST to ${host}; or name another variable by "tokenEnv" among the campaign's hosts`}.`;
  const open: Caller = { host, tokenHint, secrets: () => [] };
  return attempt(open, "open", () => {
    const base = apiBase(settings.api ?? `https://${host}/api/v4`);
    const token = tokenOf("gitlab", host, settings, tokenHint);
    const rest = restClient(base, settings, `Bearer ${token}`);
    return Promise.resolve(
      gitLab({ ...open, secrets: () => [token] }, base, rest, token),
    );
  });
}

const account = v.object({ id: v.number(), username: v.pipe(v.string(), v.nonEmpty()) });

const project = v.object({
  path: v.string(),
  namespace: v.object({ full_path: v.string() }),
  http_url_to_repo: v.string(),
  // Null where there is no commit yet.
  default_branch: v.nullish(v.string()),
  archived: v.optional(v.boolean(), false),
  forked_from_project: v.optional(v.unknown()),
  topics: v.optional(v.array(v.string()), []),
});

const mergeRequest = v.object({
  iid: v.pipe(v.number(), v.integer()),
  web_url: pageUrl,
  state: v.picklist(["opened", "closed", "locked", "merged"]),
  title: v.string(),
  description: v.nullish(v.string()),
  draft: v.optional(v.boolean(), false),
  sha: v.nullable(commitId),
  source_branch: v.string(),
  source_project_id: v.nullable(v.number()),
  target_project_id: v.number(),
  reviewers: v.optional(v.array(v.object({ id: v.number() })), []),
});

const status = v.object({ status: v.string(), allow_failure: v.optional(v.boolean()) });

function gitLab(caller: Caller, base: URL, rest: Rest, token: string): Forge {
  const { host } = caller;
  const repositoryOf = (data: unknown): Repository => {
    const found = answer(project, data);
    const repository = {
      owner: found.namespace.full_path,
      name: found.path,
      cloneUrl: found.http_url_to_repo,
      defaultBranch: found.default_branch ?? "",
      archived: found.archived,
      fork: found.forked_from_project !== undefined,
      // It would take a call for each project.
      language: "",
      topics: found.topics,
    };
    return checkedRepository(repository, host, base.protocol === "http:");
  };
  const get = async (place: RepositoryPlace, number: number) =>
    answer(mergeRequest, await rest.get(requestPath(place, number)));
  const put = async (
    place: RepositoryPlace,
    number: number,
    change: Readonly<Record<string, unknown>>,
  ) => answer(mergeRequest, await rest.send("PUT", requestPath(place, number), change));

  return {
    kind: "gitlab",
    host,

    identity: () =>
      attempt(
        caller,
        "identity",
        async () => answer(account, await rest.get("/user")).username,
      ),

    repositories: (owner, topic) => {
      const id = encodeURIComponent(owner);
      // Projects that are shared with a group belong to another one.
      const query = { include_subgroups: true, with_shared: false };
      const order = { order_by: "id", sort: "asc", per_page: 100 };
      return listedRepositories(
        caller,
        topic,
        async () => {
          const isGroup = await orElse(
            () => rest.get(`/groups/${id}`, { with_projects: false }).then(() => true),
            () => Promise.resolve(false),
          );
          return isGroup
            ? rest.pages(`/groups/${id}/projects`, { ...query, ...order })
            : rest.pages(`/users/${id}/projects`, order);
        },
        repositoryOf,
      );
    },

    repository: (place) =>
      attempt(caller, "repository", async () => {
        const found = await getRenamed(rest, base, pathOf(place));
        return sameRepository(place, repositoryOf(found));
      }),

    requestsOf: (place, branch) =>
      attempt(caller, "request", async () => {
        const query = { source_branch: branch, state: "all", per_page: 100 };
        const found = await all(rest.pages(`${pathOf(place)}/merge_requests`, query));
        return answer(v.array(mergeRequest), found)
          .filter(
            ({ source_branch: source, source_project_id: from, target_project_id: to }) =>
              source === branch && from === to,
          )
          .map(requestOf);
      }),

    createRequest: (place, request) =>
      attempt(caller, "request", async () => {
        const made = await rest.send("POST", `${pathOf(place)}/merge_requests`, {
          source_branch: request.branch,
          target_branch: request.base,
          title: titleOf(request.title, request.draft),
          description: request.body,
        });
        return requestOf(answer(mergeRequest, made));
      }),

    addToRequest: (place, number, { labels, reviewers }) =>
      attempt(caller, "request", async () => {
        const team = reviewers.find((name) => name.startsWith("team:"));
        if (team !== undefined) {
          throw new CallError(
            "invalid",
            `${team} can't review: GitLab asks accounts only`,
            "Name accounts as reviewers in the campaign.",
          );
        }
        if (labels.length > 0) await put(place, number, { add_labels: labels.join(",") });
        if (reviewers.length === 0) return undefined;
        const present = (await get(place, number)).reviewers.map(({ id }) => id);
        const ids = new Set(present);
        for (const name of reviewers) ids.add(await accountId(rest, name));
        if (ids.size > present.length)
          await put(place, number, { reviewer_ids: [...ids] });
        return undefined;
      }),

    updateRequest: (place, number, { title, body }) =>
      attempt(caller, "request", async () => {
        // Whether it is a draft is written in the title only.
        const { draft } = await get(place, number);
        const texts = { title: titleOf(title, draft), description: body };
        return requestOf(await put(place, number, texts));
      }),

    closeRequest: (place, number, comment) =>
      attempt(caller, "close", async () => {
        const present = requestOf(await get(place, number));
        if (present.state !== "open") return present;
        const closed = requestOf(await put(place, number, { state_event: "close" }));
        // Last, so that a repeated call doesn't say it twice.
        if (comment !== "") {
          await rest.send("POST", `${requestPath(place, number)}/notes`, {
            body: comment,
          });
        }
        return closed;
      }),

    mergeRequest: (place, number, head, method) =>
      attempt(caller, "merge", async () => {
        // Between merge commit and rebase the project's settings choose.
        const path = `${requestPath(place, number)}/merge`;
        const merged = await rest.send("PUT", path, {
          sha: head,
          squash: method === "squash",
        });
        return requestOf(answer(mergeRequest, merged));
      }),

    checksOf: (place, commit) =>
      attempt(caller, "checks", async () => {
        const path = `${pathOf(place)}/repository/commits/${commit}/statuses`;
        const found = await all(rest.pages(path, { per_page: 100 }));
        return together(answer(v.array(status), found));
      }),

    gitCredentials: () =>
      Promise.resolve({ value: { username: "oauth2", password: token } }),
  };
}

const pathOf = ({ owner, name }: RepositoryPlace) =>
  `/projects/${encodeURIComponent(`${owner}/${name}`)}`;
const requestPath = (place: RepositoryPlace, number: number) =>
  `${pathOf(place)}/merge_requests/${number}`;

const draftMark = /^(?:draft:|\[draft\]|\(draft\))\s*/i;

function titleOf(title: string, draft: boolean): string {
  return draft ? `Draft: ${title}` : title;
}

function requestOf(found: v.InferOutput<typeof mergeRequest>): ChangeRequest {
  return {
    number: found.iid,
    url: found.web_url,
    // A locked one is being merged.
    state: found.state === "merged" || found.state === "closed" ? found.state : "open",
    title: found.draft ? found.title.replace(draftMark, "") : found.title,
    body: found.description ?? "",
    draft: found.draft,
    head: found.sha ?? "",
  };
}

async function accountId(rest: Rest, name: string): Promise<number> {
  const found = answer(v.array(account), await rest.get("/users", { username: name }));
  const exact = found.find(
    ({ username }) => username.toLowerCase() === name.toLowerCase(),
  );
  if (exact !== undefined) return exact.id;
  throw new CallError(
    "invalid",
    `there is no account ${name}`,
    "Name other reviewers in the campaign.",
  );
}

/** Jobs of pipelines, and what other programs report. */
function together(found: readonly v.InferOutput<typeof status>[]): Checks {
  const counted = found.filter(({ allow_failure: may }) => may !== true);
  if (found.length === 0) return "none";
  const has = (...words: readonly string[]) =>
    counted.some(({ status }) => words.includes(status));
  if (has("failed", "canceled")) return "red";
  const isDone = counted.every(({ status }) => ["success", "skipped"].includes(status));
  return isDone ? "green" : "pending";
}
