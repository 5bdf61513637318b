import type { Outcome } from "../target-state.ts";

export const forgeKinds = ["github", "gitlab", "gitea"] as const;
export type ForgeKind = (typeof forgeKinds)[number];

/** Where a repository lies on a forge. */
export interface RepositoryPlace {
  /** `group/subgroup` on GitLab. */
  readonly owner: string;
  readonly name: string;
}

export interface Repository extends RepositoryPlace {
  /** What git fetches from, by HTTPS, without credentials. */
  readonly cloneUrl: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  readonly fork: boolean;
  /** As the forge names it; empty where it doesn't say. */
  readonly language: string;
  readonly topics: readonly string[];
}

/** A pull or merge request. */
export interface ChangeRequest {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "merged" | "closed";
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  /** The commit that its branch is at. */
  readonly head: string;
}

export interface NewChangeRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** What a request gets once it is there. */
export interface RequestExtras {
  /** Made where the forge doesn't have them. */
  readonly labels: readonly string[];
  /** Names of accounts, and of teams with a leading `team:`. */
  readonly reviewers: readonly string[];
}

export type Checks = "none" | "pending" | "green" | "red";

/** What git needs to fetch from and push to a forge; never part of an address or argument. */
export interface GitCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * One forge host, as one identity. Each method is one or a few calls, each of which may fail
 * with a class of its own; none repeats a call that may have had an effect.
 */
export interface Forge {
  readonly kind: ForgeKind;
  /** With the port where there is one. */
  readonly host: string;
  /** Who calls, as budgets and approvals name it: an account, or `app/<id>`. */
  readonly identity: () => Promise<Outcome<string>>;
  /** @param owner organisation, group or account; `topic` narrows where it is given */
  readonly repositories: (
    owner: string,
    topic: string | undefined,
  ) => AsyncIterable<Outcome<Repository>>;
  /** Fails with class moved where the repository has another name now. */
  readonly repository: (place: RepositoryPlace) => Promise<Outcome<Repository>>;
  /** All requests from a branch of the repository itself, whatever their state. */
  readonly requestsOf: (
    place: RepositoryPlace,
    branch: string,
  ) => Promise<Outcome<readonly ChangeRequest[]>>;
  readonly createRequest: (
    place: RepositoryPlace,
    request: NewChangeRequest,
  ) => Promise<Outcome<ChangeRequest>>;
  /**
   * Adds labels and reviewers; what is there already stays. Apart from createRequest, and
   * harmless to repeat, so that a request whose creation was interrupted gets them too.
   */
  readonly addToRequest: (
    place: RepositoryPlace,
    number: number,
    extras: RequestExtras,
  ) => Promise<Outcome<undefined>>;
  readonly updateRequest: (
    place: RepositoryPlace,
    number: number,
    texts: { readonly title: string; readonly body: string },
  ) => Promise<Outcome<ChangeRequest>>;
  readonly closeRequest: (
    place: RepositoryPlace,
    number: number,
    comment: string,
  ) => Promise<Outcome<ChangeRequest>>;
  /** @param head the commit that was checked; the forge refuses to merge another one */
  readonly mergeRequest: (
    place: RepositoryPlace,
    number: number,
    head: string,
    method: "merge" | "squash" | "rebase",
  ) => Promise<Outcome<ChangeRequest>>;
  readonly checksOf: (place: RepositoryPlace, commit: string) => Promise<Outcome<Checks>>;
  /** Good for some minutes at least; an App's are those of the owner's installation. */
  readonly gitCredentials: (place: RepositoryPlace) => Promise<Outcome<GitCredentials>>;
}
