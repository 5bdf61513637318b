import type { Insertable, Kysely } from "kysely";
import { openStore, type Store, type StoreMode } from "../../../src/batch/store/store.ts";
import type { Tables } from "../../../src/batch/store/tables.ts";

export async function openedStore(
  address: string,
  mode: StoreMode = "create",
): Promise<Store> {
  const outcome = await openStore(address, { mode });
  if ("failure" in outcome) throw new Error(outcome.failure.message);
  return outcome.value;
}

type Database = Pick<{ db: Kysely<Tables> }, "db">;

export async function addCampaign({ db }: Database): Promise<void> {
  await db
    .insertInto("campaign")
    .values({
      id: "0123456789ab",
      name: "Smaller images",
      branch: "dockerslim/smaller-images",
      settings: "{}",
      created_at: 1_763_750_000_000,
    })
    .execute();
}

/** @param key host/owner/name */
export async function addTarget(
  { db }: Database,
  key: string,
  values: Partial<Insertable<Tables["target"]>> = {},
): Promise<void> {
  await db
    .insertInto("target")
    .values({ ...targetRow(key), ...values })
    .execute();
}

export function targetRow(key: string): Insertable<Tables["target"]> {
  const [host = "", owner = "", name = ""] = key.split("/");
  return {
    key,
    kind: "forge",
    forge: "github",
    host,
    owner,
    name,
    url: `https://${key}.git`,
    default_branch: "main",
    head: "a".repeat(40),
    state: "planned",
    attempts: 0,
    checks: "none",
    updated_at: 1_763_750_000_000,
  };
}
