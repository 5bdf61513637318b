import type { PlanFigures } from "../../batch/plan/plan-figures.ts";
import type { SourceFailure } from "../../batch/sources/found-target.ts";
import type { Colours } from "../../output/colour.ts";
import { printable } from "../../output/printable.ts";
import { byteSize, count, sentences } from "../../output/wording.ts";
import { jsonText } from "./with-store.ts";

/** What a run of `batch plan` has done. */
export interface PlanReport {
  /** Repositories that were fetched, since their head had moved or they were new. */
  readonly planned: number;
  /** Repositories whose head is where it was. */
  readonly same: number;
  /** Repositories that failed in this run. */
  readonly failed: number;
  readonly sourceFailures: readonly SourceFailure[];
  readonly figures: PlanFigures;
}

export function planJson(report: PlanReport): string {
  return jsonText({ version: 1, ...report });
}

/** A few lines for people. */
export function planText(
  { planned, same, figures }: PlanReport,
  colours: Colours,
): string {
  const { byState, files, groups, savedBytes, invalidFiles } = figures;
  const parts = [
    byState.planned !== undefined && colours.yellow(`${byState.planned} would change`),
    byState.unchanged !== undefined && `${byState.unchanged} unchanged`,
    byState.skipped !== undefined && `${byState.skipped} skipped`,
    byState.failed !== undefined && colours.red(`${byState.failed} failed`),
    further(byState) > 0 && `${further(byState)} further on`,
  ].filter((part) => part !== false);
  const lines = [
    `${colours.bold(repositories(figures.repositories))}: ${parts.join(", ")}.`,
    `${planned} looked at, ${same} not moved since the last plan.`,
  ];
  if (files > 0) {
    const saved = savedBytes > 0 ? ` Saves about ${byteSize(savedBytes)}.` : "";
    lines.push(`${count(files, "file")} in ${count(groups, "group")}.${saved}`);
  }
  if (invalidFiles > 0) {
    lines.push(
      `${count(invalidFiles, "file")} left alone: Docker can't read them either.`,
    );
  }
  for (const { state, repositories: amount, message, hint } of figures.reasons) {
    const text = sentences(printable(message), printable(hint));
    lines.push(`  ${state} ${repositories(amount)}: ${text}`);
  }
  if (files > 0) lines.push("Next: `dockerslim batch groups`, or `batch review`.");
  return `${lines.join("\n")}\n`;
}

function further(byState: PlanFigures["byState"]): number {
  const { discovered = 0, planned = 0, unchanged = 0, skipped = 0, failed = 0 } = byState;
  const all = Object.values(byState).reduce((sum, amount) => sum + amount, 0);
  return all - discovered - planned - unchanged - skipped - failed;
}

function repositories(amount: number): string {
  return amount === 1 ? "1 repository" : `${amount} repositories`;
}
