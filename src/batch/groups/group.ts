import type { Decision } from "./decisions.ts";
import type { GroupState } from "./group-state.ts";
import type { TargetState } from "../target-state.ts";

/** A Dockerfile that the campaign would change. */
export interface Member {
  readonly target: string;
  readonly path: string;
  /** Key of its result. */
  readonly result: string;
  /** Digest of its hunks. */
  readonly hunk: string;
  /** Digest of the rules under which it was planned. */
  readonly rules: string;
  readonly savedBytes: number;
  readonly state: TargetState;
  /** Undefined where nobody has decided about exactly this change. */
  readonly decision: Decision | undefined;
  /** What was decided about the file is void: the plan has changed since. */
  readonly isVoid: boolean;
}

/** Members whose hunks are equal. */
export interface GroupHunk {
  readonly hunk: string;
  /** In order of target and path. */
  readonly members: readonly Member[];
  readonly savedBytes: number;
}

/** Files that are reviewed together. */
export interface Group {
  /** 10 hexadecimal digits. */
  readonly id: string;
  readonly shape: string;
  /** Digest of the only hunk, where it was split out of its shape's group. */
  readonly splitOut: string | undefined;
  readonly label: string;
  /** SHA-256 of its members, their hunks and rules, and the tool's version. */
  readonly digest: string;
  /** The rare ones first. */
  readonly hunks: readonly GroupHunk[];
  /** In order of target and path. */
  readonly members: readonly Member[];
  /** Of the most frequent hunk. */
  readonly exemplar: Member;
  /** What has to be opened before the group is approved; empty for small groups. */
  readonly toOpen: readonly Member[];
  readonly savedBytes: number;
  readonly state: GroupState;
}

/** How people and approvals name a member. */
export function memberName({ target, path }: Pick<Member, "target" | "path">): string {
  return `${target}:${path}`;
}
