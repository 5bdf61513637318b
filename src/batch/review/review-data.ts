import type { Decision } from "../groups/decisions.ts";
import type { TargetState } from "../target-state.ts";

/** What the page shows: plain data, which is sent to it as JSON. */
export interface ReviewData {
  readonly campaign: { readonly id: string; readonly name: string };
  readonly groups: readonly ReviewGroup[];
  /** Hunks of unified diffs, from the first `@@` on, by their digests. */
  readonly texts: Readonly<Record<string, string>>;
  /** How many groups are too many for one page. */
  readonly leftOut: number;
}

export interface ReviewGroup {
  readonly id: string;
  readonly digest: string;
  readonly label: string;
  readonly isSplitOut: boolean;
  readonly hunks: readonly ReviewHunk[];
  /** Names of members that have to be opened before the group is approved. */
  readonly toOpen: readonly string[];
}

export interface ReviewHunk {
  readonly hunk: string;
  readonly members: readonly ReviewMember[];
}

export interface ReviewMember {
  readonly target: string;
  readonly path: string;
  readonly savedBytes: number;
  readonly state: TargetState;
  /** Absent where nobody has decided. */
  readonly decision?: Decision;
  /** True where a decision was made that the plan of now has voided. */
  readonly isVoid?: true;
}
