import type {
  Api,
  CreateIssueCommentOption,
  CreateLabelOption,
  CreatePullRequestOption,
  EditPullRequestOption,
  IssueLabelsOption,
  MergePullRequestOption,
  PullReviewRequestOptions,
} from "gitea-js";
import type { Parameters as KnownNames } from "../parameters.ts";

type Described = Api<unknown>;
/** Names of what a call is given: its body, or a query at its place among the arguments. */
type Names<T> = readonly (keyof T & string)[];
type Query<T extends (...words: never[]) => unknown, Place extends 1 | 2> = Names<
  NonNullable<Parameters<T>[Place]>
>;

const list = ["page", "limit"] as const;

/** What each call may be given, by the types of Gitea's description. */
export const parameters: Readonly<Record<string, KnownNames>> = {
  orgListRepos: { query: list satisfies Query<Described["orgs"]["orgListRepos"], 1> },
  userListRepos: { query: list satisfies Query<Described["users"]["userListRepos"], 1> },
  repoListPullRequests: {
    query: [...list, "state", "sort"] satisfies Query<
      Described["repos"]["repoListPullRequests"],
      2
    >,
  },
  issueListLabels: {
    query: list satisfies Query<Described["repos"]["issueListLabels"], 2>,
  },
  orgListLabels: { query: list satisfies Query<Described["orgs"]["orgListLabels"], 1> },
  repoCreatePullRequest: {
    body: ["head", "base", "title", "body"] satisfies Names<CreatePullRequestOption>,
    required: ["head", "base", "title"],
  },
  repoEditPullRequest: {
    body: ["title", "body", "state"] satisfies Names<EditPullRequestOption>,
  },
  repoMergePullRequest: {
    body: ["Do", "head_commit_id"] satisfies Names<MergePullRequestOption>,
    required: ["Do"],
  },
  issueCreateLabel: {
    body: ["name", "color"] satisfies Names<CreateLabelOption>,
    required: ["name", "color"],
  },
  issueAddLabel: {
    body: ["labels"] satisfies Names<IssueLabelsOption>,
    required: ["labels"],
  },
  repoCreatePullReviewRequests: {
    body: ["reviewers", "team_reviewers"] satisfies Names<PullReviewRequestOptions>,
  },
  issueCreateComment: {
    body: ["body"] satisfies Names<CreateIssueCommentOption>,
    required: ["body"],
  },
};
