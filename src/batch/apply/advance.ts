import type { ChangeRequest, Forge } from "../forges/forge.ts";
import type { Remote } from "../git/mirror.ts";
import { lockMirror } from "../git/lock-mirror.ts";
import type { ObjectStore } from "../git/objects.ts";
import type { Outcome, StepFailure } from "../target-state.ts";
import type { ApprovedChange } from "./approved-change.ts";
import { pushChange, type CommitLog } from "./campaign-branch.ts";
import { foreignCommits } from "./conflict.ts";
import { existingRequest, openRequest, type Spend } from "./request.ts";
import { reviewedHead } from "./reviewed-head.ts";

/** A repository on a forge, and all that a campaign needs to reach it. */
export interface RemoteTarget {
  readonly forge: Forge;
  readonly owner: string;
  readonly name: string;
  readonly mirror: ObjectStore;
  readonly remote: Remote;
  readonly log: CommitLog;
  readonly spend: Spend;
  /** Called once the branch is there, before anything else is tried. */
  readonly onPushed: (commit: string) => Promise<void>;
}

export type Advance =
  /** Open, merged or closed: the request says it. */
  | { readonly kind: "request"; readonly request: ChangeRequest }
  /** A reviewed file has changed: plan again. */
  | { readonly kind: "moved" }
  /** The branch has commits that aren't the campaign's. */
  | { readonly kind: "conflicted"; readonly failure: StepFailure }
  | { readonly kind: "failed"; readonly failure: StepFailure };

/**
 * Brings a repository from its approved change to its request. May be ended anywhere and
 * begun again, by another process too: each step first looks at what is there.
 */
export async function advance(
  target: RemoteTarget,
  change: ApprovedChange,
): Promise<Advance> {
  const { forge, mirror, remote } = target;
  const existing = await existingRequest(forge, target, change.branch);
  if ("failure" in existing) return { kind: "failed", failure: existing.failure };
  if (existing.value !== undefined && existing.value.state !== "open")
    return { kind: "request", request: existing.value };

  const brought = await lockMirror(mirror, remote.signal, () => bring(target, change));
  const pushed = "failure" in brought ? brought : brought.value;
  if ("failure" in pushed) return { kind: "failed", failure: pushed.failure };
  if (pushed.value === "moved") return { kind: "moved" };
  if (pushed.value === "foreign") {
    return { kind: "conflicted", failure: foreignCommits("push", change.branch) };
  }
  await target.onPushed(pushed.value.commit);

  const { base } = pushed.value;
  const opened = await openRequest(forge, target, base, change, target.spend);
  if ("failure" in opened) return { kind: "failed", failure: opened.failure };
  return { kind: "request", request: opened.value };
}

/** Puts the change onto the default branch as it is now, and that onto the campaign's. */
export async function bring(
  { mirror, remote, log }: Pick<RemoteTarget, "mirror" | "remote" | "log">,
  change: ApprovedChange,
): Promise<
  Outcome<{ readonly commit: string; readonly base: string } | "moved" | "foreign">
> {
  const head = await reviewedHead(mirror, remote, change.files);
  if ("failure" in head) return head;
  if (head.value === "moved") return { value: "moved" };
  const { commit, branch: base } = head.value;
  const pushed = await pushChange(mirror, remote, commit, change, log);
  if ("failure" in pushed) return pushed;
  return pushed.value === "foreign"
    ? { value: "foreign" }
    : { value: { commit: pushed.value.commit, base } };
}
