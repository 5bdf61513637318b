import type { Decision } from "./decisions.ts";

/**
 * - waiting: nobody has decided
 * - changed: decided, but the plan of some members has changed since
 * - partly: some members aren't decided yet
 * - decided: each member is, but not all alike
 */
export type GroupState =
  "waiting" | "changed" | "partly" | "approved" | "rejected" | "decided";

/** Above this many members, some have to be opened before they are approved. */
export const largeGroup = 20;

export function groupState(
  members: readonly {
    readonly decision: Decision | undefined;
    readonly isVoid: boolean;
  }[],
): GroupState {
  const decisions = new Set(members.map(({ decision }) => decision));
  if (decisions.has(undefined)) {
    if (members.some(({ isVoid }) => isVoid)) return "changed";
    return decisions.size === 1 ? "waiting" : "partly";
  }
  if (decisions.size > 1) return "decided";
  return decisions.has("approve") ? "approved" : "rejected";
}
