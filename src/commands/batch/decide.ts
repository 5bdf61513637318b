import type { Kysely } from "kysely";
import type { Tables } from "../../batch/store/tables.ts";
import type { Decision } from "../../batch/groups/decisions.ts";
import {
  decide,
  type DecisionRequest,
  type Recorded,
  type Refusal,
} from "../../batch/groups/decide.ts";
import { chooseGroup, chooseTarget } from "../../batch/groups/choose.ts";
import type { Group } from "../../batch/groups/group.ts";
import { openedBy } from "../../batch/groups/opened.ts";
import { readGroups } from "../../batch/groups/read-groups.ts";
import { whoDecides } from "../../batch/groups/who.ts";
import { printable } from "../../output/printable.ts";
import { byteSize, count } from "../../output/wording.ts";
import type { CommonOptions } from "./batch-command.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

export interface DecideOptions extends CommonOptions {
  readonly all?: boolean;
  readonly except?: readonly string[];
  readonly only?: readonly string[];
  readonly note?: string;
  /** Approve large groups of which nothing has been opened. */
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Runs `batch approve` and `batch reject`. */
export function decideCommand(
  decision: Decision,
  groupWords: readonly string[],
  options: DecideOptions,
): Promise<number> {
  return withStore(options, "existing", async (session) => {
    const { store, fail } = session;
    const who = await whoDecides();
    const names = [...(options.except ?? []), ...(options.only ?? [])];
    const keys = names.length === 0 ? [] : await targetKeys(store.db);
    const requests: DecisionRequest[] = [];
    const [except, only] = [options.except ?? [], options.only].map((words) =>
      words?.map((word) => chooseTarget(keys, word)),
    );
    for (const key of [...(except ?? []), ...(only ?? [])]) {
      if (typeof key !== "string") return fail(key.message, key.hint);
    }
    const isKey = (key: unknown): key is string => typeof key === "string";
    const base = {
      decision,
      except: except?.filter(isKey) ?? [],
      only: only?.filter(isKey),
      note: options.note ?? "",
    };
    const chosen =
      options.all === true
        ? await readGroups(store.db)
        : await chooseAll(store.db, groupWords);
    if ("message" in chosen) return fail(chosen.message, chosen.hint);
    const openedOf = await openedBy(store.db, who);
    for (const group of chosen) {
      const opened = openedOf(group);
      requests.push({ ...base, group: group.id, digest: group.digest, opened });
    }
    // What a repository has no part in isn't asked for, where everything is.
    const asked =
      options.all === true
        ? requests.filter((request, index) => hasPart(request, chosen[index]))
        : requests;
    const mustOpen = options.all !== true && options.yes !== true;
    return decideAndReport(session, asked, { who, mustOpen, options });
  });
}

async function chooseAll(db: Kysely<Tables>, words: readonly string[]) {
  const chosen = new Map<string, Group>();
  for (const word of words) {
    const found = await chooseGroup(db, word);
    if ("message" in found) return found;
    if (!found.isCurrent) return staleProblem(found.group.id);
    chosen.set(found.group.id, found.group);
  }
  return [...chosen.values()];
}

async function targetKeys(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db.selectFrom("target").select("key").execute();
  return rows.map(({ key }) => key);
}

function hasPart({ only, except }: DecisionRequest, group: Group | undefined): boolean {
  return (
    group?.members.some(
      ({ target }) => (only?.includes(target) ?? true) && !except.includes(target),
    ) ?? false
  );
}

/** Records the decisions and says so, or says why they weren't. */
export async function decideAndReport(
  { store, print, say, fail }: Session,
  requests: readonly DecisionRequest[],
  {
    who,
    mustOpen,
    options,
  }: {
    readonly who: string;
    readonly mustOpen: boolean;
    readonly options: Pick<DecideOptions, "json" | "dryRun">;
  },
): Promise<number> {
  const dryRun = options.dryRun === true;
  const outcome = await decide(store, requests, { who, mustOpen, dryRun });
  if ("refused" in outcome) {
    const { message, hint } = refusalText(outcome.refused);
    await fail(message, hint);
    return outcome.refused.reason === "unopened" ? 1 : 2;
  }
  const { recorded } = outcome;
  if (options.json === true) {
    await print(jsonText({ version: 1, who, dryRun, decisions: recorded }));
    return 0;
  }
  await print(recorded.map(recordedLine).join(""));
  const files = recorded.reduce((sum, one) => sum + one.files, 0);
  const verb = dryRun ? "would be recorded" : "recorded";
  await say(`Decisions about ${count(files, "file")} ${verb}, by ${printable(who)}.\n`);
  return 0;
}

function recordedLine({ group, label, decision, files, savedBytes }: Recorded): string {
  const word = decision === "approve" ? "approved" : "rejected";
  return `${group}  ${word}  ${count(files, "file")}, ${byteSize(savedBytes)}  ${printable(label)}\n`;
}

function staleProblem(id: string) {
  return {
    message: `group ${id} isn't any more what you saw: the plan has changed`,
    hint: `look again: dockerslim batch show ${id}`,
  };
}

/** What is said where a decision isn't recorded. */
function refusalText({ reason, group, unopened }: Refusal) {
  switch (reason) {
    case "unknown":
      return {
        message: `there is no group ${group}`,
        hint: "`dockerslim batch groups` lists them",
      };
    case "stale":
      return staleProblem(group);
    case "empty":
      return {
        message: `in group ${group} there is no file of those that were named`,
        hint: "",
      };
    case "unopened":
      return {
        message: `group ${group} is large, and ${count(unopened.length, "file")} of it should be looked at first`,
        hint: `\`dockerslim batch show ${group}\` shows them; --yes approves without`,
      };
  }
}
