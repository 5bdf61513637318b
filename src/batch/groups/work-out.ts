import { sql, type Kysely } from "kysely";
import { version } from "../../version.ts";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";

/** Some databases take no more parameters than this in one statement. */
const keysAtOnce = 500;

/**
 * Keeps with each file what was decided about it, and with each target whether it may be
 * applied. Called where a decision or a plan has changed, in that transaction; whoever reads
 * needs no look at all decisions that were ever made.
 *
 * @param keys Of targets.
 */
export async function workOutDecisions(
  db: Kysely<Tables>,
  keys: readonly string[],
): Promise<void> {
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    const some = sql.join(keys.slice(start, start + keysAtOnce));
    await sql`
      update file set decision = coalesce(
        (select approval.decision from approved_file
          join approval on approval.id = approved_file.approval
          join result on result.digest = file.result
          where approved_file.target = file.target and approved_file.path = file.path
            and approved_file.hunk = result.hunk and approval.rules = result.rules
            and approval.tool_version = ${version}
          order by approval.at desc, approval.id desc limit 1),
        (select 'void' from approved_file
          where approved_file.target = file.target and approved_file.path = file.path
          limit 1))
      where target in (${some})`.execute(db);
    await sql`
      update target set approval = (
        select case
          when count(*) > sum(case when file.decision in ('approve', 'reject') then 1 else 0 end)
            then null
          when sum(case when file.decision = 'approve' then 1 else 0 end) > 0 then 'approved'
          when count(*) > 0 then 'rejected' end
        from file join result on result.digest = file.result
        where file.target = target."key" and result.status = 'changed')
      where "key" in (${some})`.execute(db);
  }
}

/**
 * The same for all targets, where another version of the tool has done it last: what was
 * decided with that is void, or counts again.
 */
export async function workOutForThisVersion(store: Store): Promise<void> {
  const { db } = store;
  const campaign = await db
    .selectFrom("campaign")
    .select("decided_by")
    .executeTakeFirst();
  if (campaign === undefined || campaign.decided_by === version) return;
  for (let last = ""; ;) {
    const page = await db
      .selectFrom("target")
      .select("key")
      .where("key", ">", last)
      .orderBy("key")
      .limit(keysAtOnce)
      .execute();
    const keys = page.map(({ key }) => key);
    if (keys.length > 0) {
      await store.transaction((transaction) => workOutDecisions(transaction, keys));
    }
    const final = keys.at(-1);
    if (final === undefined || keys.length < keysAtOnce) break;
    last = final;
  }
  await db.updateTable("campaign").set({ decided_by: version }).execute();
}
