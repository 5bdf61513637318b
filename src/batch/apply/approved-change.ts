import type { NewFile, Person } from "../git/write-commit.ts";
import type { NewChangeRequest, RequestExtras } from "../forges/forge.ts";

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
