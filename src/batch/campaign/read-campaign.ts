import { readFile } from "node:fs/promises";
import { systemReason, type FileProblem } from "../../files/problem.ts";
import { parseSettings } from "../../files/settings-parse.ts";
import { campaignSchema, type CampaignSettings } from "./settings.ts";

/**
 * Reads a campaign's file: JSON with comments.
 *
 * @param path Undefined where there is none: all defaults.
 * @param ids The transforms that can be named.
 */
export async function readCampaign(
  path: string | undefined,
  ids: readonly string[],
): Promise<{ readonly settings: CampaignSettings } | { readonly problem: FileProblem }> {
  let text = "{}";
  if (path !== undefined) {
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      return problem(`the campaign can't be read: ${systemReason(error)}`, "");
    }
  }
  const parsed = parseSettings(text, {
    schema: campaignSchema(ids),
    name: "the campaign",
    ids,
  });
  if ("problem" in parsed) return parsed;
  return brokenExpression(parsed.settings) ?? parsed;
}

/** The fixed branch of a campaign that names none. */
export function branchOf({ branch, name }: CampaignSettings): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return branch ?? `dockerslim/${slug === "" ? "campaign" : slug}`;
}

function brokenExpression({ filters }: CampaignSettings) {
  for (const key of ["include", "exclude"] as const) {
    for (const expression of filters[key]) {
      try {
        new RegExp(expression);
      } catch (error) {
        return problem(
          `"filters.${key}" has an expression that can't be read: ${systemReason(error)}`,
          "",
        );
      }
    }
  }
  return undefined;
}

function problem(message: string, hint: string): { readonly problem: FileProblem } {
  return { problem: { kind: "invalid-config", message, hint } };
}
