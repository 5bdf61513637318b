import { configSchema, type ConfigSettings } from "./config-schema.ts";
import type { FileProblem } from "./problem.ts";
import { parseSettings } from "./settings-parse.ts";

/** Reads JSON with comments and trailing commas; the first problem found is returned. */
export function parseConfig(
  text: string,
  ids: readonly string[],
): ConfigSettings | FileProblem {
  const schema = configSchema(ids);
  const parsed = parseSettings(text, { schema, name: "the config", ids });
  return "problem" in parsed ? parsed.problem : parsed.settings;
}
