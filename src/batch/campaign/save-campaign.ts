import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { version } from "../../version.ts";
import { digestOf } from "../plan/digest.ts";
import { replannableStates } from "../plan/replannable.ts";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import type { Outcome } from "../target-state.ts";
import { branchOf } from "./read-campaign.ts";
import type { CampaignSettings } from "./settings.ts";

/** A store's campaign. */
export interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly branch: string;
  readonly settings: CampaignSettings;
}

/** @returns undefined where nothing has been planned yet. */
export async function readStoredCampaign(
  db: Kysely<Tables>,
): Promise<Campaign | undefined> {
  const row = await db.selectFrom("campaign").selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, name, branch } = row;
  return { id, name, branch, settings: JSON.parse(row.settings) as CampaignSettings };
}

/**
 * Makes the store's campaign, or gives it other settings. Where they make the plan another
 * one, whatever has not been applied yet is to be planned anew; so it is after an update of
 * the tool.
 */
export async function saveCampaign(
  store: Store,
  settings: CampaignSettings,
): Promise<Outcome<Campaign>> {
  const branch = branchOf(settings);
  const { name } = settings;
  return store.transaction(async (transaction): Promise<Outcome<Campaign>> => {
    const stored = await readStoredCampaign(transaction);
    if (stored !== undefined && stored.branch !== branch) {
      const begun = await transaction
        .selectFrom("target")
        .select("key")
        .where("branch_head", "is not", null)
        .executeTakeFirst();
      if (begun !== undefined) return branchIsFixed(stored.branch, branch);
    }
    const id = stored?.id ?? randomBytes(6).toString("hex");
    const values = { name, branch, settings: JSON.stringify(settings) };
    if (stored === undefined) {
      await transaction
        .insertInto("campaign")
        .values({ id, ...values, created_at: Date.now(), decided_by: version })
        .execute();
    } else {
      await transaction.updateTable("campaign").set(values).execute();
    }
    await planAnewWhereOthersHold(transaction, settings);
    return { value: { id, name, branch, settings } };
  });
}

async function planAnewWhereOthersHold(
  transaction: Kysely<Tables>,
  { rules, filters }: CampaignSettings,
): Promise<void> {
  const { paths, ignore } = filters;
  const digest = digestOf({ version, rules, paths, ignore });
  const last = await transaction
    .selectFrom("event")
    .select("detail")
    .where("kind", "=", "rules")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const detail = JSON.stringify({ digest });
  if (last?.detail === detail) return;
  const now = Date.now();
  await transaction
    .updateTable("target")
    .set({ head: "", updated_at: now })
    .where("state", "in", replannableStates)
    .execute();
  await transaction
    .insertInto("event")
    .values({ at: now, target: null, kind: "rules", detail })
    .execute();
}

function branchIsFixed(old: string, branch: string): Outcome<Campaign> {
  return {
    failure: {
      class: "invalid",
      step: "plan",
      message: `the campaign's branch is ${old}, and can't become ${branch} after it was put into repositories`,
      hint: "Keep the branch, or begin another campaign with a --store of its own",
    },
  };
}
