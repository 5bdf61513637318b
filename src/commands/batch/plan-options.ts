import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { readCampaign } from "../../batch/campaign/read-campaign.ts";
import type { CampaignSettings } from "../../batch/campaign/settings.ts";
import type { FileProblem } from "../../files/problem.ts";
import type { CommonOptions } from "./batch-command.ts";

export interface PlanOptions extends CommonOptions {
  readonly from?: readonly string[];
  readonly campaign?: string;
  readonly cache?: string;
  readonly jobs?: number;
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly archived?: boolean;
  readonly forks?: boolean;
  readonly language?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly path?: readonly string[];
  readonly ignore?: readonly string[];
  readonly unsafe?: boolean;
  readonly propose?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

export function withPlanOptions(command: Command): Command {
  return command
    .option(
      "--from <source>",
      "a file of addresses, -, a folder of clones, github:owner[/topic], gitlab:group, gitea:owner; repeatable",
      collect,
    )
    .option("--campaign <file>", "name, rules, filters, waves, … of the campaign (JSON)")
    .option("--archived", "archived repositories, too")
    .option("--forks", "forks, too")
    .option("--language <name>", "only these languages; repeatable", collect)
    .option(
      "--include <expression>",
      "only owner/name that match this; repeatable",
      collect,
    )
    .option(
      "--exclude <expression>",
      "no owner/name that match this; repeatable",
      collect,
    )
    .option(
      "--path <glob>",
      "only these Dockerfiles, as in .gitignore; repeatable",
      collect,
    )
    .option("--ignore <glob>", "not these Dockerfiles; repeatable", collect)
    .option("--unsafe", "also apply changes that alter behaviour")
    .option("--propose", "also apply proposals")
    .option("--only <ids>", "run these transforms alone, whatever their level", ids)
    .option("--skip <ids>", "leave these transforms out", ids)
    .option("--cache <folder>", "where mirrors are kept (default: the user's cache)")
    .option("--jobs <number>", "repositories at once (default: 8)", positive)
    .option("--check", "exit with 1 if anything would change")
    .option("--dry-run", "show what the plan would be, and store nothing");
}

/**
 * The campaign's settings: of its file, failing that what the store has, each with what the
 * command line says.
 */
export async function chosenSettings(
  options: PlanOptions,
  stored: CampaignSettings | undefined,
  transformIds: readonly string[],
): Promise<{ readonly settings: CampaignSettings } | { readonly problem: FileProblem }> {
  const base =
    options.campaign === undefined && stored !== undefined
      ? { settings: stored }
      : await readCampaign(options.campaign, transformIds);
  if ("problem" in base) return base;
  const { rules, filters, ...others } = base.settings;
  const settings: CampaignSettings = {
    ...others,
    rules: {
      ...rules,
      ...given({
        unsafe: options.unsafe,
        propose: options.propose,
        only: options.only === undefined ? undefined : [...options.only],
        skip: options.skip === undefined ? undefined : [...options.skip],
      }),
    },
    filters: {
      ...filters,
      ...given({
        archived: options.archived,
        forks: options.forks,
        languages: list(options.language),
        include: list(options.include),
        exclude: list(options.exclude),
        paths: list(options.path),
        ignore: list(options.ignore),
      }),
    },
  };
  return { settings };
}

function list(values: readonly string[] | undefined): string[] | undefined {
  return values === undefined ? undefined : [...values];
}

/** Without the keys that have no value. */
function given<T extends object>(
  values: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function ids(value: string, previous: readonly string[] = []): string[] {
  const named = value.split(",").map((id) => id.trim());
  return [...previous, ...named.filter((id) => id !== "")];
}

function positive(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 256) return number;
  throw new InvalidArgumentError("It has to be a whole number from 1 to 256.");
}
