import {
  branchHead,
  requestHead,
  type Refused,
  type TestRepository,
  type TestRequest,
} from "../repositories.ts";
import type { ForgeState, Reply } from "../shape.ts";

export const prefix = "/api/v3";
export const documentation = "https://docs.github.com/rest";

export function error(status: number, message: string): Reply {
  return {
    status,
    body: { message, documentation_url: documentation },
  };
}

function invalid(message: string): Reply {
  const errors = [{ resource: "PullRequest", code: "custom", message }];
  return {
    status: 422,
    body: { message: "Validation Failed", errors, documentation_url: documentation },
  };
}

export function refusal(
  refused: Refused,
  repository: TestRepository,
  branch: string,
): Reply {
  switch (refused) {
    case "archived":
      return error(403, "Repository was archived so is read-only.");
    case "duplicate":
      return invalid(`A pull request already exists for ${repository.owner}:${branch}.`);
    case "no-branch":
      return invalid(`The head ${branch} doesn't exist`);
    case "no-commits":
      return invalid(`No commits between ${repository.defaultBranch} and ${branch}`);
    case "head-moved":
      return error(409, "Head branch was modified. Review and try the merge again.");
    case "not-open":
    case "conflict":
      return error(405, "Pull Request is not mergeable");
  }
}

export const account = (login: string) => ({ login });
export const labelBody = (name: string) => ({ name });

export function repositoryBody({ origin }: ForgeState, repository: TestRepository) {
  const { id, owner, name, archived, fork, language, topics, defaultBranch } = repository;
  return {
    id,
    name,
    full_name: `${owner}/${name}`,
    owner: account(owner),
    private: repository.private,
    html_url: `${origin}/${owner}/${name}`,
    clone_url: repository.cloneUrl ?? `${origin}/${owner}/${name}.git`,
    default_branch: defaultBranch,
    archived,
    disabled: false,
    fork,
    language,
    topics: [...topics],
  };
}

/** @param short as lists have it */
export async function requestBody(
  state: ForgeState,
  repository: TestRepository,
  request: TestRequest,
  short: boolean,
) {
  const { owner, name } = repository;
  const side = (ref: string, sha: string) => ({
    ref,
    sha,
    label: `${owner}:${ref}`,
    repo: repositoryBody(state, repository),
    user: account(owner),
  });
  const { number, title, body, draft, doneAt } = request;
  const head = await requestHead(repository, request);
  const base = (await branchHead(repository, request.base)) ?? "";
  return {
    number,
    html_url: `${state.origin}/${owner}/${name}/pull/${number}`,
    state: request.state === "open" ? "open" : "closed",
    title,
    body,
    draft,
    user: account(request.author),
    labels: [...request.labels].map(labelBody),
    requested_reviewers: [...request.reviewers].map(account),
    requested_teams: [...request.teams].map((slug) => ({ slug, name: slug })),
    created_at: request.createdAt,
    closed_at: doneAt,
    merged_at: request.state === "merged" ? doneAt : null,
    merge_commit_sha: request.mergeCommit,
    ...(!short && { merged: request.state === "merged" }),
    head: side(request.branch, head),
    base: side(request.base, base),
  };
}
