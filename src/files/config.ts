import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ConfigSettings } from "./config-schema.ts";
import { ignoreMatcher, type IgnoreMatcher } from "./ignore.ts";
import { systemReason, type FileProblem } from "./problem.ts";

export const configName = ".dockerslim.json";

export interface Config {
  readonly settings: ConfigSettings;
  /** The config's own `ignore` globs. */
  readonly isIgnored: IgnoreMatcher;
}

export interface BrokenConfig {
  readonly configPath: string;
  readonly problem: FileProblem;
}

/** The config for Dockerfiles in a folder. */
export type ConfigLookup = (folder: string) => Promise<Config | BrokenConfig>;

const noConfig: Config = { settings: {}, isIgnored: () => false };

/** Looks for the nearest config upwards; each folder and each config is looked at once. */
export function nearestConfig(ids: readonly string[]): ConfigLookup {
  const byFolder = new Map<string, string | undefined>();
  const byPath = new Map<string, Promise<Config | BrokenConfig>>();
  return async (folder) => {
    const path = findUpwards(folder, byFolder);
    if (path === undefined) return noConfig;
    let config = byPath.get(path);
    if (config === undefined) {
      config = loadConfig(path, ids);
      byPath.set(path, config);
    }
    return config;
  };
}

/** For `--no-config`. */
export function withoutConfig(): ConfigLookup {
  return () => Promise.resolve(noConfig);
}

export async function loadConfig(
  path: string,
  ids: readonly string[],
): Promise<Config | BrokenConfig> {
  let text;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return {
      configPath: path,
      problem: {
        kind: "invalid-config",
        message: `the config can't be read: ${systemReason(error)}`,
        hint: "",
      },
    };
  }
  const { parseConfig } = await import("./config-parse.ts");
  const settings = parseConfig(text, ids);
  if ("kind" in settings) return { configPath: path, problem: settings };
  return {
    settings,
    isIgnored: await ignoreMatcher(dirname(path), settings.ignore ?? []),
  };
}

function findUpwards(
  folder: string,
  known: Map<string, string | undefined>,
): string | undefined {
  if (known.has(folder)) return known.get(folder);
  const candidate = join(folder, configName);
  const parent = dirname(folder);
  let path: string | undefined;
  if (existsSync(candidate)) path = candidate;
  else if (parent !== folder) path = findUpwards(parent, known);
  known.set(folder, path);
  return path;
}
