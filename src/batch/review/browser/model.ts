import type { Decision } from "../../groups/decisions.ts";
import { groupState, largeGroup, type GroupState } from "../../groups/group-state.ts";
import type { SentSplit } from "./source.ts";
import type {
  ReviewData,
  ReviewGroup,
  ReviewHunk,
  ReviewMember,
} from "../review-data.ts";

/** A group as the page works with it. */
export interface ShownGroup extends ReviewGroup {
  /** Of the group by whose id and digest decisions are sent. */
  readonly source: { readonly id: string; readonly digest: string };
  /** Split in a page without a server: decisions name the hunks. */
  readonly isPart: boolean;
  readonly members: readonly ReviewMember[];
  readonly savedBytes: number;
  readonly state: GroupState;
}

function shownGroup(group: ReviewGroup, part?: Pick<ShownGroup, "source">): ShownGroup {
  const members = group.hunks.flatMap((hunk) => hunk.members);
  return {
    ...group,
    source: part?.source ?? { id: group.id, digest: group.digest },
    isPart: part !== undefined,
    members,
    savedBytes: bytesOf(members),
    state: groupState(
      members.map(({ decision, isVoid }) => ({ decision, isVoid: isVoid === true })),
    ),
  };
}

export function bytesOf(members: readonly ReviewMember[]): number {
  return members.reduce((sum, { savedBytes }) => sum + savedBytes, 0);
}

export function nameOf({ target, path }: ReviewMember): string {
  return `${target}:${path}`;
}

/** What a reviewer has to look at before the group is approved. */
export function unopened(
  { members, toOpen }: ShownGroup,
  opened: ReadonlySet<string>,
  except: ReadonlySet<string>,
): readonly ReviewMember[] {
  const covered = members.filter(({ target }) => !except.has(target));
  if (covered.length <= largeGroup) return [];
  const needed = new Set(toOpen);
  return covered.filter((member) => {
    const name = nameOf(member);
    return needed.has(name) && !opened.has(name);
  });
}

/** The group after a decision, for pages without a server. */
export function decided(
  group: ShownGroup,
  decision: Decision,
  covers: (member: ReviewMember) => boolean,
): ShownGroup {
  const hunks = group.hunks.map(({ hunk, members }): ReviewHunk => ({
    hunk,
    members: members.map((member) => {
      if (!covers(member)) return member;
      const { target, path, savedBytes, state } = member;
      return { target, path, savedBytes, state, decision };
    }),
  }));
  return shownGroup({ ...group, hunks }, group.isPart ? group : undefined);
}

/** The hunk as a group of its own, and what is left of the group. */
export function splitLocally(group: ShownGroup, hunk: string): ShownGroup[] {
  const part = (hunks: readonly ReviewHunk[], id: string, isSplitOut: boolean) =>
    shownGroup({ ...group, id, hunks, isSplitOut }, group);
  return [
    part(
      group.hunks.filter((one) => one.hunk === hunk),
      `${group.source.id}+${hunk.slice(0, 6)}`,
      true,
    ),
    part(
      group.hunks.filter((one) => one.hunk !== hunk),
      group.id,
      group.isSplitOut,
    ),
  ];
}

/** One entry for each group as it was shown: its digest changes with the first split. */
export function recordSplit(
  splits: SentSplit[],
  { source: { id, digest } }: ShownGroup,
  hunk: string,
): void {
  const known = splits.find(({ group }) => group === id);
  if (known === undefined) splits.push({ group: id, digest, hunks: [hunk] });
  else known.hunks.push(hunk);
}

/** The filters by their names; `find` is looked for in labels and repositories. */
export const filters: Readonly<Record<string, (state: GroupState) => boolean>> = {
  all: () => true,
  "to decide": (state) => ["waiting", "changed", "partly"].includes(state),
  approved: (state) => state === "approved",
  rejected: (state) => state === "rejected" || state === "decided",
};

export function isFound(group: ShownGroup, filter: string, find: string): boolean {
  if (!(filters[filter]?.(group.state) ?? true)) return false;
  const word = find.trim().toLowerCase();
  return (
    word === "" ||
    group.id.startsWith(word) ||
    group.label.toLowerCase().includes(word) ||
    group.members.some(({ target }) => target.toLowerCase().includes(word))
  );
}

export function shownGroups(data: ReviewData): ShownGroup[] {
  return data.groups.map((group) => shownGroup(group));
}
