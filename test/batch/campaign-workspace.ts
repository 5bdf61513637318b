import { spawn, type ChildProcess } from "node:child_process";
import { expect } from "vitest";
import { cliPath, environment, workspace, type Workspace } from "../cli/workspace.ts";
import type { TestForge } from "../forge/test-forge.ts";

/** Runs `dockerslim batch` with these words. */
export type Batch = (...words: readonly string[]) => ReturnType<Workspace["run"]>;

export interface CampaignWorkspace extends Workspace {
  readonly batch: Batch;
  /** Starts it, for tests that kill it. */
  readonly startBatch: (
    words: readonly string[],
    stdio?: "ignore" | "pipe",
  ) => ChildProcess;
}

/** A campaign over a forge, in a folder of its own. */
export function campaignOver(
  forge: TestForge,
  settings: object = {},
  limits?: { readonly perMinute: number; readonly perHour: number },
): CampaignWorkspace {
  const hosts = {
    [forge.host]: { forge: forge.kind, api: forge.api, ...(limits && { limits }) },
  };
  const space = workspace({
    "campaign.json": JSON.stringify({ name: "Smaller", hosts, ...settings }),
  });
  const env = { ...forge.env, XDG_CACHE_HOME: space.path("cache") };
  return {
    ...space,
    batch: (...words) => space.run(["batch", ...words], { env }),
    startBatch: (words, stdio = "ignore") =>
      spawn(process.execPath, [cliPath, "batch", ...words], {
        cwd: space.root,
        env: environment(env),
        stdio,
      }),
  };
}

/** Plans all repositories of `acme`. */
export async function planned(
  batch: Batch,
  ...options: readonly string[]
): Promise<void> {
  const words = ["--from", "github:acme", "--campaign", "campaign.json", ...options];
  const plan = await batch("plan", ...words);
  expect(plan, plan.stderr).toMatchObject({ code: 0 });
}

/** How many repositories are in each state. */
export async function states(
  batch: Batch,
  ...options: readonly string[]
): Promise<Record<string, number>> {
  const { stdout } = await batch("status", "--json", ...options);
  const { states: all } = JSON.parse(stdout) as { states: Record<string, number> };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
