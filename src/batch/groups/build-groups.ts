import { createHash } from "node:crypto";
import { version } from "../../version.ts";
import type { HunkGroupRow } from "../store/tables.ts";
import { groupState, largeGroup } from "./group-state.ts";
import { memberName, type Group, type GroupHunk, type Member } from "./group.ts";

/** A member with what it is grouped by. */
export interface ShapedMember extends Member {
  readonly shape: string;
  readonly label: string;
}

/** Besides the exemplar. */
const randomMembers = 3;

/**
 * Groups changes by their shape, and by their hunk where a reviewer has split it out. Odd
 * groups come first, those with words that the tool's tables don't know or with changes that
 * aren't safe, and then the rare ones.
 */
export function buildGroups(
  members: readonly ShapedMember[],
  splits: readonly HunkGroupRow[],
): Group[] {
  const splitKeys = new Set(splits.map(({ shape, hunk }) => `${shape} ${hunk}`));
  const parts = new Map<string, ShapedMember[]>();
  for (const member of members) {
    const key = `${member.shape} ${member.hunk}`;
    push(parts, splitKeys.has(key) ? key : member.shape, member);
  }
  const groups = [...parts.entries()].map(([key, part]) => groupOf(key, part));
  return inReviewOrder(groups, ({ members: own }) => own.length);
}

export function inReviewOrder<T extends Pick<Group, "id" | "label">>(
  groups: readonly T[],
  filesIn: (group: T) => number,
): T[] {
  return [...groups].sort(
    (a, b) =>
      Number(isOdd(b)) - Number(isOdd(a)) ||
      filesIn(a) - filesIn(b) ||
      compare(a.id, b.id),
  );
}

/** First digits of the digest of a shape, or of a shape and the hunk that was split out. */
export function groupId(shape: string, splitOut?: string): string {
  return sha256(splitOut === undefined ? shape : `${shape} ${splitOut}`).slice(0, 10);
}

function groupOf(key: string, unordered: readonly ShapedMember[]): Group {
  const members = [...unordered].sort(
    (a, b) => compare(a.target, b.target) || compare(a.path, b.path),
  );
  const [first] = members;
  if (first === undefined) throw new Error("a group without members");
  const [shape = "", splitOut] = key.split(" ");
  const id = groupId(shape, splitOut);
  const digest = groupDigest(members);
  const hunks = hunksOf(members);
  const exemplar = hunks.at(-1)?.members[0] ?? first;
  return {
    id,
    shape,
    splitOut,
    // Files whose shapes are equal may name the same words in another order.
    label: members.reduce(
      (least, { label }) => (label < least ? label : least),
      first.label,
    ),
    digest,
    hunks,
    members,
    exemplar,
    toOpen: toOpen(digest, members, exemplar),
    savedBytes: savedBytesOf(members),
    state: groupState(members),
  };
}

function hunksOf(members: readonly Member[]): GroupHunk[] {
  const hunks = new Map<string, Member[]>();
  for (const member of members) push(hunks, member.hunk, member);
  return [...hunks]
    .map(([hunk, same]) => ({ hunk, members: same, savedBytes: savedBytesOf(same) }))
    .sort((a, b) => a.members.length - b.members.length || compare(a.hunk, b.hunk));
}

/** Changes when a member comes, goes, or gets another change, other rules or another tool. */
function groupDigest(members: readonly Member[]): string {
  // Piece by piece: as one text, a million members would take some hundred megabytes.
  const hash = createHash("sha256").update(`[${JSON.stringify(version)},[`);
  for (const [index, { target, path, hunk, rules }] of members.entries()) {
    const file = JSON.stringify([target, path, hunk, rules]);
    hash.update(index === 0 ? file : `,${file}`);
  }
  return hash.update("]]").digest("hex");
}

/** The same ones for everybody who looks at the same plan. */
function toOpen(digest: string, members: readonly Member[], exemplar: Member): Member[] {
  if (members.length <= largeGroup) return [];
  let drawn: { readonly member: Member; readonly lot: string }[] = [];
  for (const member of members) {
    if (member === exemplar) continue;
    const lot = sha256(`${digest} ${memberName(member)}`);
    const last = drawn[randomMembers - 1];
    if (last !== undefined && compare(lot, last.lot) >= 0) continue;
    drawn = [...drawn, { member, lot }]
      .sort((a, b) => compare(a.lot, b.lot))
      .slice(0, randomMembers);
  }
  return [exemplar, ...drawn.map(({ member }) => member)];
}

function isOdd({ label }: Pick<Group, "label">): boolean {
  return /‹|\((?:unsafe|proposal)\)/.test(label);
}

function savedBytesOf(members: readonly Member[]): number {
  return members.reduce((sum, { savedBytes }) => sum + savedBytes, 0);
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
