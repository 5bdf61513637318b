import type { Campaign } from "../campaign/save-campaign.ts";
import { gitIdentity, type NewFile, type Person } from "../git/write-commit.ts";
import type { NewChangeRequest, RequestExtras } from "../forges/forge.ts";
import type { Outcome } from "../target-state.ts";
import type { Approved } from "./approved-files.ts";
import { commitMessage, requestTexts } from "./texts.ts";

/** A Dockerfile as it was reviewed. */
export interface ApprovedFile extends NewFile {
  /** Id of the blob that was reviewed. */
  readonly blob: string;
}

/** What a repository gets: one commit on the campaign's branch, and one request for it. */
export interface ApprovedChange {
  readonly branch: string;
  readonly files: readonly ApprovedFile[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  readonly sign: boolean;
  readonly request: Pick<NewChangeRequest, "title" | "body" | "draft">;
  readonly extras: RequestExtras;
}

/** The commit and request that a campaign makes of approved files. */
export function changeFor(
  { name, branch, settings: { commit, request } }: Campaign,
  committer: Person,
  approval: Approved,
): ApprovedChange {
  const facts = { campaign: name, files: approval.facts };
  return {
    branch,
    files: approval.files,
    // Whoever commits vouches for it, as with `git commit --signoff`.
    message: commitMessage(commit, facts, commit.signOff ? committer : undefined),
    author: commit.author ?? committer,
    committer,
    sign: commit.sign,
    request: { ...requestTexts(request, facts), draft: request.draft },
    extras: { labels: request.labels, reviewers: request.reviewers },
  };
}

/**
 * Whom git takes for the user, failing that the author whom the campaign names.
 *
 * @param folder Of a repository with settings of its own.
 */
export async function committerFor(
  { settings: { commit } }: Pick<Campaign, "settings">,
  folder?: string,
): Promise<Outcome<Person>> {
  const user = await gitIdentity(folder);
  return "failure" in user && commit.author !== undefined
    ? { value: commit.author }
    : user;
}
