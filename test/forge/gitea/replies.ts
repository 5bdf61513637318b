import type { PullRequest, Repository } from "gitea-js";
import { requestHead, type TestRepository, type TestRequest } from "../repositories.ts";
import type { ForgeState } from "../shape.ts";

export function repositoryBody(
  { origin }: ForgeState,
  repository: TestRepository,
): Repository {
  const { id, owner, name, archived, fork, language, topics, defaultBranch } = repository;
  return {
    id,
    name,
    full_name: `${owner}/${name}`,
    owner: { login: owner },
    clone_url: repository.cloneUrl ?? `${origin}/${owner}/${name}.git`,
    default_branch: defaultBranch,
    archived,
    fork,
    language: language ?? "",
    // Older versions don't have them here: every second repository is as theirs.
    ...(id % 2 === 0 && { topics: [...topics] }),
  };
}

/** The description has no word for it, but what isn't merged has a null there. */
type DescribedRequest = Omit<PullRequest, "merged_at"> & {
  readonly merged_at: string | null;
};

export async function requestBody(
  { origin }: ForgeState,
  repository: TestRepository,
  request: TestRequest,
): Promise<DescribedRequest> {
  const { owner, name, id } = repository;
  const { number, title, body, draft, branch, base } = request;
  const merged = request.state === "merged";
  return {
    number,
    html_url: `${origin}/${owner}/${name}/pulls/${number}`,
    state: request.state === "open" ? "open" : "closed",
    merged,
    merged_at: merged ? request.doneAt : null,
    title: draft ? `WIP: ${title}` : title,
    body,
    draft,
    head: {
      label: branch,
      ref: branch,
      sha: await requestHead(repository, request),
      repo_id: id,
    },
    base: { label: base, ref: base, repo_id: id },
  };
}
