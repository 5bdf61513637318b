import type { Kysely } from "kysely";
import { table, text } from "../../output/markdown.ts";
import { byteSize } from "../../output/wording.ts";
import type { Tables } from "../store/tables.ts";
import type { StepFailure } from "../target-state.ts";
import { readStatus, type CampaignStatus } from "./status.ts";

export interface CampaignReport {
  readonly data: {
    readonly status: CampaignStatus;
    readonly repositories: readonly Repository[];
    readonly failures: readonly Failure[];
  };
  readonly markdown: string;
}

interface Repository {
  readonly key: string;
  readonly state: string;
  readonly url: string | null;
  readonly files: number;
  /** Bytes. */
  readonly saved: number;
}

interface Failure extends Pick<StepFailure, "class" | "step" | "message" | "hint"> {
  readonly key: string;
}

/** Longer lists belong into --json. */
const mostRows = 1000;

/** @returns undefined where nothing has been planned */
export async function campaignReport(
  db: Kysely<Tables>,
): Promise<CampaignReport | undefined> {
  const status = await readStatus(db);
  if (status === undefined) return undefined;
  const rows = await db
    .selectFrom("target")
    .innerJoin("file", "file.target", "target.key")
    .innerJoin("result", "result.digest", "file.result")
    .where("result.status", "=", "changed")
    .where("target.state", "in", ["committed", "open", "merged", "closed"])
    .select([
      "target.key",
      "target.state",
      "target.request_url as url",
      ({ fn }) => fn.countAll().as("files"),
      ({ fn }) => fn.sum("result.saved_bytes").as("saved"),
    ])
    .groupBy(["target.key", "target.state", "target.request_url"])
    .orderBy("target.key")
    .execute();
  const repositories = rows
    .map((row) => ({ ...row, files: Number(row.files), saved: Number(row.saved) }))
    .sort((a, b) => b.saved - a.saved);
  const failed = await db
    .selectFrom("target")
    .where("failure", "is not", null)
    .where("state", "in", ["failed", "conflicted", "skipped"])
    .select(["key", "failure"])
    .orderBy("key")
    .execute();
  const failures = failed.map(({ key, failure }): Failure => {
    const {
      class: kind,
      step,
      message,
      hint,
    } = JSON.parse(failure ?? "{}") as StepFailure;
    return { key, class: kind, step, message, hint };
  });
  return {
    data: { status, repositories, failures },
    markdown: markdownOf(status, repositories, failures),
  };
}

function markdownOf(
  { campaign, states, saved, total }: CampaignStatus,
  repositories: readonly Repository[],
  failures: readonly Failure[],
): string {
  const done = states.merged + states.committed;
  return `# Campaign ${text(campaign)}

${total} repositories: ${done} done, ${states.open} with an open request, ${states.planned + states.pushed} waiting, ${states.closed} declined, ${states.unchanged} with nothing to change, ${states.skipped} left out, ${states.conflicted} with commits of others, ${states.failed} failed.

Saved: about ${byteSize(saved.merged)} where it is merged, ${byteSize(saved.open)} more where the request is open.

## Repositories

${
  repositories.length === 0
    ? "None has a request yet."
    : listed(
        ["Repository", "State", "Dockerfiles", "Saves", "Request"],
        repositories.map((row) => [
          row.key,
          row.state,
          String(row.files),
          row.saved > 0 ? byteSize(row.saved) : "",
          row.url ?? "",
        ]),
      )
}

## What failed or was left out

${
  failures.length === 0
    ? "Nothing."
    : listed(
        ["Repository", "Step", "What happened", "What to do"],
        failures.map((row) => [row.key, row.step, row.message, row.hint]),
      )
}
`;
}

function listed(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.slice(0, mostRows).map((row) => row.map(text));
  const rest = rows.length - shown.length;
  const more = rest > 0 ? `\n… and ${rest} more; --json has them all.\n` : "";
  return `${table(head, shown)}${more}`.trimEnd();
}
