import * as v from "valibot";
import type { Outcome } from "../target-state.ts";
import { answer, checkedRepository, commitId, pageUrl, requestState } from "./answers.ts";
import { apiBase, RefusedError } from "./call.ts";
import { attempt, type Caller } from "./failure.ts";
import type {
  ChangeRequest,
  Checks,
  Forge,
  Repository,
  RepositoryPlace,
} from "./forge.ts";
import { gitHubAccess, gitHubTokenHint, type GitHubAccess } from "./github-access.ts";
import { gitHubClient, type GitHubClient } from "./github-client.ts";
import type { ForgeSettings } from "./open-forge.ts";
import { listedRepositories, orElse, redirection, sameRepository } from "./rest.ts";

/** GitHub, GitHub Enterprise Cloud with data residency (`*.ghe.com`) and Server. */
export async function openGitHub(
  host: string,
  settings: ForgeSettings,
): Promise<Outcome<Forge>> {
  const tokenHint = gitHubTokenHint(host);
  const caller: Caller = { host, tokenHint, secrets: () => [] };
  return attempt(caller, "open", async () => {
    const base = apiBase(settings.api ?? usualApi(host));
    const env = settings.env ?? process.env;
    const access = await gitHubAccess(
      host,
      { env, tokenEnv: settings.tokenEnv },
      gitHubClient(base, settings),
    );
    return gitHub({ ...caller, secrets: access.secrets }, base, settings, access);
  });
}

function usualApi(host: string): string {
  const ofCloud = host === "github.com" || host.endsWith(".ghe.com");
  return ofCloud ? `https://api.${host}` : `https://${host}/api/v3`;
}

const account = v.object({ login: v.pipe(v.string(), v.nonEmpty()) });

const repositoryAnswer = v.object({
  name: v.string(),
  owner: account,
  clone_url: v.string(),
  default_branch: v.optional(v.string(), ""),
  archived: v.optional(v.boolean(), false),
  disabled: v.optional(v.boolean(), false),
  fork: v.boolean(),
  language: v.nullish(v.string()),
  topics: v.optional(v.array(v.string()), []),
});

const pull = v.object({
  number: v.pipe(v.number(), v.integer()),
  html_url: pageUrl,
  state: v.picklist(["open", "closed"]),
  merged_at: v.nullable(v.string()),
  title: v.string(),
  body: v.nullish(v.string()),
  draft: v.optional(v.boolean(), false),
  head: v.object({
    ref: v.string(),
    sha: commitId,
    // Null where a fork is gone.
    repo: v.nullable(v.object({ id: v.number() })),
  }),
  base: v.object({ repo: v.object({ id: v.number() }) }),
});

const checkRun = v.object({ status: v.string(), conclusion: v.nullish(v.string()) });
const statuses = v.object({ state: v.string(), total_count: v.number() });

/** Outcomes of a check run that don't stand in the way of a merge. */
const fine = new Set(["success", "neutral", "skipped"]);

function gitHub(
  caller: Caller,
  base: URL,
  settings: ForgeSettings,
  access: GitHubAccess,
): Forge {
  const { host } = caller;
  const clients = new Map<string, GitHubClient>();
  /** An App has a token for each owner, so each has a client. */
  const clientFor = (owner: string): GitHubClient => {
    const key = access.app === undefined ? "" : owner.toLowerCase();
    const present = clients.get(key);
    if (present !== undefined) return present;
    const made = gitHubClient(base, settings, (used) => access.token(owner, used));
    clients.set(key, made);
    return made;
  };

  const repositoryOf = (data: unknown): Repository => {
    const found = answer(repositoryAnswer, data);
    const repository = {
      owner: found.owner.login,
      name: found.name,
      cloneUrl: found.clone_url,
      defaultBranch: found.default_branch,
      archived: found.archived || found.disabled,
      fork: found.fork,
      language: found.language ?? "",
      topics: found.topics,
    };
    return checkedRepository(repository, host, base.protocol === "http:");
  };

  const getPull = async (place: RepositoryPlace, number: number) => {
    const { data } = await clientFor(place.owner).request(
      "GET /repos/{owner}/{repo}/pulls/{pull_number}",
      { ...placed(place), pull_number: number },
    );
    return requestOf(data);
  };

  const patchPull = async (
    place: RepositoryPlace,
    number: number,
    change: { title?: string; body?: string; state?: "closed" },
  ) => {
    const { data } = await clientFor(place.owner).request(
      "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
      { ...placed(place), pull_number: number, ...change },
    );
    return requestOf(data);
  };

  return {
    kind: "github",
    host,

    identity: () =>
      attempt(caller, "identity", async () => {
        if (access.app !== undefined) return `app/${access.app}`;
        try {
          const { data } = await clientFor("").request("GET /user");
          return answer(account, data).login;
        } catch (error) {
          // A token of GitHub Actions has no account; those of one host share a budget.
          const noAccount =
            error instanceof RefusedError &&
            error.refusal.message.includes("by integration");
          if (noAccount) return "integration";
          throw error;
        }
      }),

    repositories: (owner, topic) =>
      listedRepositories(
        caller,
        topic,
        () => pagesOf(clientFor(owner), access, owner),
        repositoryOf,
      ),

    repository: (place) =>
      attempt(caller, "repository", async () => {
        const client = clientFor(place.owner);
        const found = await client
          .request("GET /repos/{owner}/{repo}", placed(place))
          .catch(async (error: unknown) => {
            const next = redirection(error, base);
            if (next === undefined) throw error;
            return client.request(`GET ${next}`);
          });
        return sameRepository(place, repositoryOf(found.data));
      }),

    requestsOf: (place, branch) =>
      attempt(caller, "request", async () => {
        const found = await clientFor(place.owner).paginate(
          "GET /repos/{owner}/{repo}/pulls",
          {
            ...placed(place),
            head: `${place.owner}:${branch}`,
            state: "all",
            per_page: 100,
          },
        );
        // The filter takes forks of the same owner too, and nothing at all if it is mistaken.
        return answer(v.array(pull), found)
          .filter(
            ({ head, base }) => head.ref === branch && head.repo?.id === base.repo.id,
          )
          .map(requestOf);
      }),

    createRequest: (place, { branch, ...request }) =>
      attempt(caller, "request", async () => {
        const { data } = await clientFor(place.owner).request(
          "POST /repos/{owner}/{repo}/pulls",
          { ...placed(place), head: branch, ...request },
        );
        return requestOf(data);
      }),

    addToRequest: (place, number, { labels, reviewers }) =>
      attempt(caller, "request", async () => {
        const client = clientFor(place.owner);
        if (labels.length > 0) {
          await client.request(
            "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
            {
              ...placed(place),
              issue_number: number,
              labels: [...labels],
            },
          );
        }
        if (reviewers.length > 0) {
          const teams = reviewers.filter((name) => name.startsWith(teamMark));
          await client.request(
            "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
            {
              ...placed(place),
              pull_number: number,
              reviewers: reviewers.filter((name) => !name.startsWith(teamMark)),
              team_reviewers: teams.map((name) => name.slice(teamMark.length)),
            },
          );
        }
        return undefined;
      }),

    updateRequest: (place, number, texts) =>
      attempt(caller, "request", () => patchPull(place, number, texts)),

    closeRequest: (place, number, comment) =>
      attempt(caller, "close", async () => {
        const present = await getPull(place, number);
        if (present.state !== "open") return present;
        const closed = await patchPull(place, number, { state: "closed" });
        // Last, so that a repeated call doesn't say it twice.
        if (comment !== "") {
          await clientFor(place.owner).request(
            "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
            { ...placed(place), issue_number: number, body: comment },
          );
        }
        return closed;
      }),

    mergeRequest: (place, number, head, method) =>
      attempt(caller, "merge", async () => {
        await clientFor(place.owner).request(
          "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
          { ...placed(place), pull_number: number, sha: head, merge_method: method },
        );
        return getPull(place, number);
      }),

    checksOf: (place, commit) =>
      attempt(caller, "checks", async () => {
        const client = clientFor(place.owner);
        const which = { ...placed(place), ref: commit, per_page: 100 };
        const runs = await client.paginate(
          "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
          which,
        );
        const { data } = await client.request(
          "GET /repos/{owner}/{repo}/commits/{ref}/status",
          which,
        );
        return together(answer(v.array(checkRun), runs), answer(statuses, data));
      }),

    gitCredentials: ({ owner }) =>
      attempt(caller, "credentials", async () => ({
        username: "x-access-token",
        password: await access.token(owner),
      })),
  };
}

const teamMark = "team:";

const placed = ({ owner, name }: RepositoryPlace) => ({ owner, repo: name });

function requestOf(data: unknown): ChangeRequest {
  const found = answer(pull, data);
  return {
    number: found.number,
    url: found.html_url,
    state: requestState(found.state === "closed", found.merged_at !== null),
    title: found.title,
    body: found.body ?? "",
    draft: found.draft,
    head: found.head.sha,
  };
}

/** Check runs and the older statuses, as the page of a pull request counts them. */
function together(
  runs: readonly v.InferOutput<typeof checkRun>[],
  { state, total_count: count }: v.InferOutput<typeof statuses>,
): Checks {
  if (runs.length === 0 && count === 0) return "none";
  const red = runs.some(
    ({ status, conclusion }) => status === "completed" && !fine.has(conclusion ?? ""),
  );
  if (red || (count > 0 && state !== "success" && state !== "pending")) return "red";
  const waits = runs.some(({ status }) => status !== "completed");
  return waits || (count > 0 && state === "pending") ? "pending" : "green";
}

type Pages = AsyncGenerator<readonly unknown[]>;

/**
 * What an owner has, in pages. An App sees what it is installed on; a token's account sees
 * its own private repositories only where it asks for itself.
 */
async function pagesOf(
  client: GitHubClient,
  { app }: GitHubAccess,
  owner: string,
): Promise<Pages> {
  const page = { per_page: 100 };
  const { iterator } = client.paginate;
  if (app !== undefined)
    return contents(iterator("GET /installation/repositories", page));
  const isOrganization = await orElse(
    () => client.request("GET /orgs/{org}", { org: owner }).then(() => true),
    () => Promise.resolve(false),
  );
  if (isOrganization) {
    return contents(iterator("GET /orgs/{org}/repos", { org: owner, ...page }));
  }
  const self = await client.request("GET /user").then(
    ({ data }) => answer(account, data).login,
    () => "",
  );
  return self.toLowerCase() === owner.toLowerCase()
    ? contents(iterator("GET /user/repos", { affiliation: "owner", ...page }))
    : contents(iterator("GET /users/{username}/repos", { username: owner, ...page }));
}

async function* contents(pages: AsyncIterable<{ readonly data: unknown }>): Pages {
  for await (const { data } of pages) yield answer(v.array(v.unknown()), data);
}
