import * as v from "valibot";
import type { Outcome } from "../target-state.ts";
import { answer, checkedRepository, commitId, pageUrl, requestState } from "./answers.ts";
import { apiBase } from "./call.ts";
import { attempt, type Caller } from "./failure.ts";
import type { ChangeRequest, Forge, Repository, RepositoryPlace } from "./forge.ts";
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

/** Gitea from version 1.18 on, and Forgejo, whose API is the same in what is used here. */
export async function openGitea(
  host: string,
  settings: ForgeSettings,
): Promise<Outcome<Forge>> {
  const tokenHint = `Set GITEA_TOKEN to a token for ${host} that may write repositories and issues and read accounts${host === "codeberg.org" ? "" : `, and GITEA_HOST to ${host}; or name another variable by "tokenEnv" among the campaign's hosts`}.`;
  const open: Caller = { host, tokenHint, secrets: () => [] };
  return attempt(open, "open", () => {
    const base = apiBase(settings.api ?? `https://${host}/api/v1`);
    const token = tokenOf("gitea", host, settings, tokenHint);
    const rest = restClient(base, settings, `token ${token}`);
    return Promise.resolve(gitea({ ...open, secrets: () => [token] }, base, rest, token));
  });
}

const account = v.object({ login: v.pipe(v.string(), v.nonEmpty()) });

const repositoryAnswer = v.object({
  name: v.string(),
  owner: account,
  clone_url: v.string(),
  default_branch: v.optional(v.string(), ""),
  archived: v.optional(v.boolean(), false),
  fork: v.boolean(),
  language: v.nullish(v.string()),
  // Only newer versions have it here.
  topics: v.nullish(v.array(v.string())),
});

const pull = v.object({
  number: v.pipe(v.number(), v.integer()),
  html_url: pageUrl,
  state: v.picklist(["open", "closed"]),
  merged: v.boolean(),
  title: v.string(),
  body: v.nullish(v.string()),
  draft: v.optional(v.boolean()),
  // The label is the branch's name, also when the branch is gone.
  head: v.object({ label: v.string(), sha: commitId, repo_id: v.number() }),
  base: v.object({ repo_id: v.number() }),
});

const label = v.object({ id: v.number(), name: v.string() });
const statuses = v.object({ state: v.string(), total_count: v.number() });
/** The most that servers give out unless they are told otherwise. */
const page = { limit: 50 };

function gitea(caller: Caller, base: URL, rest: Rest, token: string): Forge {
  const { host } = caller;
  const repositoryOf = async (data: unknown): Promise<Repository> => {
    const found = answer(repositoryAnswer, data);
    const place = { owner: found.owner.login, name: found.name };
    const repository = {
      ...place,
      cloneUrl: found.clone_url,
      defaultBranch: found.default_branch,
      archived: found.archived,
      fork: found.fork,
      language: found.language ?? "",
      topics: found.topics ?? [],
    };
    const checked = checkedRepository(repository, host, base.protocol === "http:");
    if (found.topics !== undefined && found.topics !== null) return checked;
    const topics = v.object({ topics: v.nullish(v.array(v.string())) });
    const asked = answer(topics, await rest.get(`${pathOf(place)}/topics`));
    return { ...checked, topics: asked.topics ?? [] };
  };
  const get = async (place: RepositoryPlace, number: number) =>
    requestOf(await rest.get(`${pathOf(place)}/pulls/${number}`));
  const patch = async (
    place: RepositoryPlace,
    number: number,
    change: Readonly<Record<string, unknown>>,
  ) => requestOf(await rest.send("PATCH", `${pathOf(place)}/pulls/${number}`, change));

  return {
    kind: "gitea",
    host,

    identity: () =>
      attempt(
        caller,
        "identity",
        async () => answer(account, await rest.get("/user")).login,
      ),

    repositories: (owner, topic) =>
      listedRepositories(
        caller,
        topic,
        async () => {
          const isOrganization = await orElse(
            () => rest.get(`/orgs/${encodeURIComponent(owner)}`).then(() => true),
            () => Promise.resolve(false),
          );
          const whose = isOrganization ? "orgs" : "users";
          return rest.pages(`/${whose}/${encodeURIComponent(owner)}/repos`, page);
        },
        repositoryOf,
      ),

    repository: (place) =>
      attempt(caller, "repository", async () => {
        const found = await getRenamed(rest, base, pathOf(place));
        return sameRepository(place, await repositoryOf(found));
      }),

    requestsOf: (place, branch) =>
      attempt(caller, "request", async () => {
        // There is no filter for branches.
        const query = { state: "all", ...page };
        const found = await all(rest.pages(`${pathOf(place)}/pulls`, query));
        return answer(v.array(pull), found)
          .filter(
            ({ head, base }) => head.label === branch && head.repo_id === base.repo_id,
          )
          .map(requestOf);
      }),

    createRequest: (place, { branch, base: target, title, body, draft }) =>
      attempt(caller, "request", async () => {
        const made = await rest.send("POST", `${pathOf(place)}/pulls`, {
          head: branch,
          base: target,
          title: titleOf(title, draft),
          body,
        });
        return requestOf(made);
      }),

    addToRequest: (place, number, { labels, reviewers }) =>
      attempt(caller, "request", async () => {
        if (labels.length > 0) {
          const ids = await labelIds(rest, place, labels);
          const path = `${pathOf(place)}/issues/${number}/labels`;
          await rest.send("POST", path, { labels: ids });
        }
        if (reviewers.length > 0) {
          const isTeam = (name: string) => name.startsWith(teamMark);
          await rest.send(
            "POST",
            `${pathOf(place)}/pulls/${number}/requested_reviewers`,
            {
              reviewers: reviewers.filter((name) => !isTeam(name)),
              team_reviewers: reviewers
                .filter(isTeam)
                .map((name) => name.slice(teamMark.length)),
            },
          );
        }
        return undefined;
      }),

    updateRequest: (place, number, { title, body }) =>
      attempt(caller, "request", async () => {
        // Whether it is a draft is written in the title only.
        const { draft } = await get(place, number);
        return patch(place, number, { title: titleOf(title, draft), body });
      }),

    closeRequest: (place, number, comment) =>
      attempt(caller, "close", async () => {
        const present = await get(place, number);
        if (present.state !== "open") return present;
        const closed = await patch(place, number, { state: "closed" });
        // Last, so that a repeated call doesn't say it twice.
        if (comment !== "") {
          const path = `${pathOf(place)}/issues/${number}/comments`;
          await rest.send("POST", path, { body: comment });
        }
        return closed;
      }),

    mergeRequest: (place, number, head, method) =>
      attempt(caller, "merge", async () => {
        await rest.send("POST", `${pathOf(place)}/pulls/${number}/merge`, {
          Do: method,
          head_commit_id: head,
        });
        return get(place, number);
      }),

    checksOf: (place, commit) =>
      attempt(caller, "checks", async () => {
        const found = await rest.get(`${pathOf(place)}/commits/${commit}/status`);
        const { state, total_count: count } = answer(statuses, found);
        if (count === 0) return "none";
        if (state === "pending") return "pending";
        return state === "success" ? "green" : "red";
      }),

    gitCredentials: () =>
      Promise.resolve({ value: { username: "oauth2", password: token } }),
  };
}

const teamMark = "team:";

const pathOf = ({ owner, name }: RepositoryPlace) =>
  `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;

const draftMark = /^(?:wip:|\[wip\])\s*/i;

function titleOf(title: string, draft: boolean): string {
  return draft ? `WIP: ${title}` : title;
}

function requestOf(data: unknown): ChangeRequest {
  const found = answer(pull, data);
  const draft = found.draft ?? draftMark.test(found.title);
  return {
    number: found.number,
    url: found.html_url,
    state: requestState(found.state === "closed", found.merged),
    title: draft ? found.title.replace(draftMark, "") : found.title,
    body: found.body ?? "",
    draft,
    head: found.head.sha,
  };
}

/** Labels are named by number; those of the organisation count too. */
async function labelIds(
  rest: Rest,
  place: RepositoryPlace,
  names: readonly string[],
): Promise<number[]> {
  const ofOwner = `/orgs/${encodeURIComponent(place.owner)}/labels`;
  const found = [
    ...(await all(rest.pages(`${pathOf(place)}/labels`, page))),
    ...(await orElse(
      () => all(rest.pages(ofOwner, page)),
      () => Promise.resolve([]),
    )),
  ];
  const known = answer(v.array(label), found);
  const ids: number[] = [];
  for (const name of names) {
    const present = known.find((one) => one.name === name);
    const made =
      present ??
      answer(
        label,
        await rest.send("POST", `${pathOf(place)}/labels`, { name, color: "#2496ed" }),
      );
    ids.push(made.id);
  }
  return ids;
}
