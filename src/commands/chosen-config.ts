import { resolve } from "node:path";
import {
  loadConfig,
  nearestConfig,
  withoutConfig,
  type BrokenConfig,
  type ConfigLookup,
} from "../files/config.ts";
import { transforms } from "../../transforms/index.ts";

/** @param config As --config gives it; false for --no-config; undefined: the nearest one. */
export async function chosenConfig(
  config: string | false | undefined,
  cwd: string,
): Promise<ConfigLookup | BrokenConfig> {
  const ids = transforms.map(({ id }) => id);
  if (config === false) return withoutConfig();
  if (config === undefined) return nearestConfig(ids);
  const loaded = await loadConfig(resolve(cwd, config), ids);
  if ("problem" in loaded) return loaded;
  return () => Promise.resolve(loaded);
}
