import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { version } from "../../version.ts";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import type { Decision } from "./decisions.ts";
import { largeGroup } from "./group-state.ts";
import { memberName, type Group, type Member } from "./group.ts";
import { readGroups } from "./read-groups.ts";
import { workOutDecisions } from "./work-out.ts";

/** A decision about a group as the reviewer saw it. */
export interface DecisionRequest {
  readonly group: string;
  /** Of the group; undefined where the reviewer doesn't say which plan was seen. */
  readonly digest: string | undefined;
  readonly decision: Decision;
  /** Digests of hunks: the decision is about these alone. Undefined means all. */
  readonly hunks?: readonly string[] | undefined;
  /** Keys of targets that it is about; undefined means all. */
  readonly only?: readonly string[] | undefined;
  /** Keys of targets that it isn't about. */
  readonly except: readonly string[];
  /** Names of members whose diffs the reviewer has opened. */
  readonly opened: readonly string[];
  readonly note: string;
}

export interface Refusal {
  /**
   * - unknown: there is no such group
   * - stale: the plan has changed since it was seen
   * - unopened: the group is large, and some of its members have to be opened first
   * - empty: it is about no member
   */
  readonly reason: "unknown" | "stale" | "unopened" | "empty";
  readonly group: string;
  /** What has to be opened yet, where that is the reason; else empty. */
  readonly unopened: readonly Member[];
}

export interface Recorded {
  readonly group: string;
  readonly label: string;
  readonly decision: Decision;
  readonly files: number;
  readonly targets: number;
  readonly savedBytes: number;
}

/**
 * Records decisions, all of them or none.
 *
 * @param who Name and address as git has them, or the user of the system.
 * @param mustOpen Whether a large group is refused before its samples were opened.
 */
export async function decide(
  store: Pick<Store, "transaction">,
  requests: readonly DecisionRequest[],
  {
    who,
    mustOpen,
    dryRun,
  }: { readonly who: string; readonly mustOpen: boolean; readonly dryRun: boolean },
): Promise<{ readonly recorded: readonly Recorded[] } | { readonly refused: Refusal }> {
  return store.transaction(async (db) => {
    const ids = new Set(requests.map(({ group }) => group));
    const groups = new Map((await readGroups(db, ids)).map((group) => [group.id, group]));
    const covered: (readonly [DecisionRequest, Group, readonly Member[]])[] = [];
    for (const request of requests) {
      const refused = refusalOf(request, groups.get(request.group), mustOpen);
      if (refused !== undefined) return { refused };
      const group = groups.get(request.group);
      if (group !== undefined) covered.push([request, group, coveredBy(request, group)]);
    }
    if (!dryRun) {
      let at = await timeAfterAll(db);
      const keys = new Set<string>();
      for (const [request, group, members] of covered) {
        await record(db, request, group, members, who, at);
        for (const { target } of members) keys.add(target);
        at += 1;
      }
      await workOutDecisions(db, [...keys]);
    }
    return {
      recorded: covered.map(([{ decision }, { id, label }, members]) => ({
        group: id,
        label,
        decision,
        files: members.length,
        targets: new Set(members.map(({ target }) => target)).size,
        savedBytes: members.reduce((sum, { savedBytes }) => sum + savedBytes, 0),
      })),
    };
  });
}

function refusalOf(
  request: DecisionRequest,
  group: Group | undefined,
  mustOpen: boolean,
): Refusal | undefined {
  const refusal = (reason: Refusal["reason"], unopened: readonly Member[] = []) => ({
    reason,
    group: request.group,
    unopened,
  });
  if (group === undefined) {
    return refusal(request.digest === undefined ? "unknown" : "stale");
  }
  if (request.digest !== undefined && request.digest !== group.digest) {
    return refusal("stale");
  }
  const members = new Set(coveredBy(request, group));
  if (members.size === 0) return refusal("empty");
  if (!mustOpen || request.decision !== "approve" || members.size <= largeGroup) {
    return undefined;
  }
  const opened = new Set(request.opened);
  const unopened = group.toOpen.filter(
    (member) => members.has(member) && !opened.has(memberName(member)),
  );
  return unopened.length === 0 ? undefined : refusal("unopened", unopened);
}

function coveredBy(
  { hunks, only, except }: DecisionRequest,
  { members }: Group,
): readonly Member[] {
  const [chosenHunks, chosen, left] = [new Set(hunks), new Set(only), new Set(except)];
  return members.filter(
    ({ hunk, target }) =>
      (hunks === undefined || chosenHunks.has(hunk)) &&
      (only === undefined || chosen.has(target)) &&
      !left.has(target),
  );
}

/** The latest decision counts, so that no two may have the same time. */
async function timeAfterAll(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom("approval")
    .select("at")
    .orderBy("at", "desc")
    .limit(1)
    .executeTakeFirst();
  return Math.max(Date.now(), (row?.at ?? 0) + 1);
}

/** Rows of four columns each: below the number of parameters that each database takes. */
const rowsAtOnce = 2000;

/** One row for each set of rules, of which a row names one. */
async function record(
  db: Kysely<Tables>,
  { decision, opened, note }: DecisionRequest,
  group: Group,
  members: readonly Member[],
  who: string,
  at: number,
): Promise<void> {
  const names = new Set(members.map(memberName));
  const openedHere = opened.filter((name) => names.has(name));
  for (const rules of new Set(members.map((member) => member.rules))) {
    const id = randomBytes(8).toString("hex");
    await db
      .insertInto("approval")
      .values({
        id,
        group_id: group.id,
        group_digest: group.digest,
        decision,
        rules,
        tool_version: version,
        who,
        opened: JSON.stringify(openedHere),
        note,
        at,
      })
      .execute();
    const files = members
      .filter((member) => member.rules === rules)
      .map(({ target, path, hunk }) => ({ approval: id, target, path, hunk }));
    for (let start = 0; start < files.length; start += rowsAtOnce) {
      await db
        .insertInto("approved_file")
        .values(files.slice(start, start + rowsAtOnce))
        .execute();
    }
  }
  await db
    .insertInto("event")
    .values({
      at,
      target: null,
      kind: decision === "approve" ? "approved" : "rejected",
      detail: JSON.stringify({
        group: group.id,
        digest: group.digest,
        label: group.label,
        files: members.length,
        who,
        opened: openedHere.length,
        note,
      }),
    })
    .execute();
}
