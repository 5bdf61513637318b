import type { Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";

/** How many requests there were at the end of a time. */
export interface ProgressPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly opened: number;
  readonly merged: number;
  readonly closed: number;
}

/** More points than a picture has columns would not be seen. */
const mostPoints = 120;

/** From the first event of a request to the last, in steps of equal length. */
export async function progressOverTime(
  db: Kysely<Tables>,
): Promise<readonly ProgressPoint[]> {
  const kinds = ["open", "merged", "closed"] as const;
  const span = await db
    .selectFrom("event")
    .where("kind", "in", kinds)
    .select(({ fn }) => [
      fn.min<number | null>("at").as("first"),
      fn.max<number>("at").as("last"),
    ])
    .executeTakeFirst();
  if (span === undefined || span.first === null) return [];
  const first = span.first;
  const step = Math.max(1, Math.ceil((span.last - first + 1) / mostPoints));
  const added = new Map<string, number>();
  // A request that is seen open again isn't a new one: the first event of a kind counts.
  const rows = await db
    .selectFrom("event")
    .where("kind", "in", kinds)
    .select(["kind", "target", ({ fn }) => fn.min("at").as("at")])
    .groupBy(["kind", "target"])
    .execute();
  for (const { kind, at } of rows) {
    const key = `${kind} ${Math.floor((at - first) / step)}`;
    added.set(key, (added.get(key) ?? 0) + 1);
  }
  const points: ProgressPoint[] = [];
  let [opened, merged, closed] = [0, 0, 0];
  for (let index = 0; index <= Math.floor((span.last - first) / step); index += 1) {
    opened += added.get(`open ${index}`) ?? 0;
    merged += added.get(`merged ${index}`) ?? 0;
    closed += added.get(`closed ${index}`) ?? 0;
    points.push({ at: first + (index + 1) * step - 1, opened, merged, closed });
  }
  return points;
}
