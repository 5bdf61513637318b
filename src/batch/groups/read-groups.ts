import { sql, type Kysely } from "kysely";
import type { FileDecision, HunkGroupRow, ResultRow, Tables } from "../store/tables.ts";
import type { TargetState } from "../target-state.ts";
import {
  buildGroups,
  groupId,
  inReviewOrder,
  type ShapedMember,
} from "./build-groups.ts";
import type { Group } from "./group.ts";

/**
 * Not only those that wait for approval: a group must not change, and what was decided about
 * it become void, because a worker has opened requests for some of its members.
 */
const reviewedStates: readonly TargetState[] = [
  "planned",
  "pushed",
  "committed",
  "open",
  "merged",
  "closed",
  "conflicted",
  "failed",
];

/**
 * Groups of the plan, the odd and rare ones first.
 *
 * @param ids Of those to read; undefined means all.
 */
export async function readGroups(
  db: Kysely<Tables>,
  ids?: ReadonlySet<string>,
): Promise<Group[]> {
  const splits = await readSplits(db);
  const results = new Map<string, ChangedResult>();
  for (const result of await readResults(db)) {
    if (ids?.has(idOf(result, splits)) ?? true) results.set(result.digest, result);
  }
  const members: ShapedMember[] = [];
  // One text for all that are equal: there may be a million members.
  const paths = new Map<string, string>();
  const shared = (path: string) => {
    const known = paths.get(path);
    if (known === undefined) paths.set(path, path);
    return known ?? path;
  };
  const pages = ids === undefined ? filesInOrder(db) : filesOf(db, [...results.keys()]);
  for await (const page of pages) {
    for (const { target, path, result: digest, decision, state } of page) {
      const result = results.get(digest);
      if (result === undefined) continue;
      members.push({
        target,
        path: shared(path),
        result: result.digest,
        hunk: result.hunk,
        rules: result.rules,
        savedBytes: result.saved_bytes,
        state,
        decision: decision === "void" || decision === null ? undefined : decision,
        isVoid: decision === "void",
        shape: result.shape,
        label: result.shape_label,
      });
    }
  }
  return buildGroups(members, splits.rows);
}

/** A group without what is in it. */
export interface GroupSize {
  readonly id: string;
  readonly label: string;
  readonly files: number;
}

/** In the order of `readGroups`, for a million files as for ten. */
export async function readGroupSizes(db: Kysely<Tables>): Promise<GroupSize[]> {
  const splits = await readSplits(db);
  const rows = await db
    .selectFrom("file")
    .innerJoin("result", "result.digest", "file.result")
    .innerJoin("target", "target.key", "file.target")
    .where("result.status", "=", "changed")
    .where("target.state", "in", reviewedStates)
    .select([
      "result.shape",
      "result.hunk",
      ({ fn }) => fn.min("result.shape_label").as("label"),
      ({ fn }) => fn.countAll<number | string>().as("files"),
    ])
    .groupBy(["result.shape", "result.hunk"])
    .execute();
  const sizes = new Map<string, GroupSize>();
  for (const row of rows) {
    const id = idOf(row, splits);
    const { label, files } = sizes.get(id) ?? { label: row.label, files: 0 };
    sizes.set(id, {
      id,
      label: row.label < label ? row.label : label,
      files: files + Number(row.files),
    });
  }
  return inReviewOrder([...sizes.values()], ({ files }) => files);
}

/** Ids of the groups that a target's files are in. */
export async function groupsOfTarget(
  db: Kysely<Tables>,
  key: string,
): Promise<Set<string>> {
  const splits = await readSplits(db);
  const rows = await db
    .selectFrom("file")
    .innerJoin("result", "result.digest", "file.result")
    .where("file.target", "=", key)
    .where("result.status", "=", "changed")
    .select(["result.shape", "result.hunk"])
    .execute();
  return new Set(rows.map((row) => idOf(row, splits)));
}

interface Splits {
  readonly rows: readonly HunkGroupRow[];
  readonly keys: ReadonlySet<string>;
  /** Ids of groups by what they are made of, each worked out once. */
  readonly ids: Map<string, string>;
}

async function readSplits(db: Kysely<Tables>): Promise<Splits> {
  const rows = await db.selectFrom("hunk_group").selectAll().execute();
  const keys = new Set(rows.map(({ shape, hunk }) => `${shape} ${hunk}`));
  return { rows, keys, ids: new Map() };
}

function idOf({ shape, hunk }: Pick<ResultRow, "shape" | "hunk">, splits: Splits) {
  const isSplitOut = splits.keys.has(`${shape} ${hunk}`);
  const key = isSplitOut ? `${shape} ${hunk}` : shape;
  const id = splits.ids.get(key) ?? groupId(shape, isSplitOut ? hunk : undefined);
  splits.ids.set(key, id);
  return id;
}

type ChangedResult = Pick<
  ResultRow,
  "digest" | "hunk" | "rules" | "shape" | "shape_label" | "saved_bytes"
>;

function readResults(db: Kysely<Tables>): Promise<ChangedResult[]> {
  return db
    .selectFrom("result")
    .where("status", "=", "changed")
    .select(["digest", "hunk", "rules", "shape", "shape_label", "saved_bytes"])
    .execute();
}

interface PlannedFile {
  readonly target: string;
  readonly path: string;
  readonly result: string;
  readonly decision: FileDecision | null;
  readonly state: TargetState;
}

function plannedFiles(db: Kysely<Tables>) {
  return db
    .selectFrom("file")
    .innerJoin("target", "target.key", "file.target")
    .where("target.state", "in", reviewedStates)
    .select(["file.target", "file.path", "file.result", "file.decision", "target.state"]);
}

const filesAtOnce = 20_000;

async function* filesInOrder(db: Kysely<Tables>): AsyncGenerator<PlannedFile[]> {
  let after = sql<boolean>`true`;
  for (;;) {
    const page = await plannedFiles(db)
      .where(after)
      .orderBy("file.target")
      .orderBy("file.path")
      .limit(filesAtOnce)
      .execute();
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < filesAtOnce) return;
    after = sql<boolean>`(file.target, file.path) > (${last.target}, ${last.path})`;
  }
}

async function* filesOf(
  db: Kysely<Tables>,
  results: readonly string[],
): AsyncGenerator<PlannedFile[]> {
  for (let start = 0; start < results.length; start += 500) {
    yield await plannedFiles(db)
      .where("file.result", "in", results.slice(start, start + 500))
      .execute();
  }
}

/** The hunks of unified diffs by the digests of their results. */
export async function readHunks(
  db: Kysely<Tables>,
  results: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const distinct = [...new Set(results)];
  for (let start = 0; start < distinct.length; start += 500) {
    const rows = await db
      .selectFrom("result")
      .where("digest", "in", distinct.slice(start, start + 500))
      .select(["digest", "hunks"])
      .execute();
    for (const { digest, hunks } of rows) texts.set(digest, hunks ?? "");
  }
  return texts;
}
