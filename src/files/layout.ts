import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LayoutPreference } from "../rewrite/types.ts";
import { systemReason } from "./problem.ts";

interface FolderLayout {
  readonly layout: Partial<LayoutPreference>;
  /** Why the settings could not be used; the default layout stands in. */
  readonly warning?: string;
}

export type LayoutLookup = (path: string) => Promise<FolderLayout>;

/** Read as data. `.prettierrc` is YAML, of which JSON is a part. */
const dataConfigs = [
  ".prettierrc",
  ".prettierrc.json",
  ".prettierrc.yaml",
  ".prettierrc.yml",
  ".prettierrc.json5",
  ".prettierrc.toml",
];

/**
 * Would be run as programs, which a tool that reads Dockerfiles has no business to do;
 * package.yaml is too rare to be worth a look inside.
 */
const programConfigs = [
  "package.yaml",
  ...[".prettierrc", "prettier.config"].flatMap((name) =>
    [".js", ".ts", ".mjs", ".mts", ".cjs", ".cts"].map((extension) => name + extension),
  ),
];

type Source =
  | { readonly kind: "none" }
  | { readonly kind: "editorconfig" }
  | { readonly kind: "data"; readonly path: string }
  | { readonly kind: "program" };

/**
 * Indentation from the .editorconfig or the prettier config that applies to a file. The
 * folders upwards are only checked for the files' existence, each folder once; prettier,
 * which takes long to load, comes in where there is one.
 */
export function layoutLookup(): LayoutLookup {
  const known = new Map<string, Source>();
  return async (path) => {
    const source = sourceFor(dirname(path), known);
    if (source.kind === "none" || source.kind === "program") return { layout: {} };
    try {
      const { resolveConfig } = await import("prettier");
      const options = await resolveConfig(path, {
        editorconfig: true,
        ...(source.kind === "data" ? { config: source.path } : {}),
      });
      return { layout: indentation(options ?? {}) };
    } catch (error) {
      return {
        layout: {},
        warning: `the prettier or editor config that applies can't be used: ${firstLine(systemReason(error))}`,
      };
    }
  };
}

function indentation(options: {
  readonly useTabs?: boolean | undefined;
  readonly tabWidth?: number | undefined;
}): Partial<LayoutPreference> {
  if (options.useTabs === true) return { indent: "\t" };
  const { tabWidth } = options;
  return tabWidth !== undefined && tabWidth > 0 ? { indent: " ".repeat(tabWidth) } : {};
}

/** A prettier config counts before an .editorconfig, which prettier reads along with it. */
function sourceFor(folder: string, known: Map<string, Source>): Source {
  const cached = known.get(folder);
  if (cached !== undefined) return cached;
  const own = prettierConfigIn(folder);
  const parent = dirname(folder);
  let source: Source = own ?? { kind: "none" };
  if (own === undefined && parent !== folder) source = sourceFor(parent, known);
  if (source.kind === "none" && existsSync(join(folder, ".editorconfig"))) {
    source = { kind: "editorconfig" };
  }
  known.set(folder, source);
  return source;
}

function prettierConfigIn(folder: string): Source | undefined {
  const manifest = join(folder, "package.json");
  if (existsSync(manifest)) {
    const setting = prettierKey(manifest);
    if (typeof setting === "object" && setting !== null) {
      return { kind: "data", path: manifest };
    }
    if (setting !== undefined) return { kind: "program" };
  }
  const data = dataConfigs.find((name) => existsSync(join(folder, name)));
  if (data !== undefined) {
    const path = join(folder, data);
    return isMapping(path) ? { kind: "data", path } : { kind: "program" };
  }
  const hasProgram = programConfigs.some((name) => existsSync(join(folder, name)));
  return hasProgram ? { kind: "program" } : undefined;
}

function prettierKey(manifest: string): unknown {
  try {
    const content: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    return typeof content === "object" && content !== null && "prettier" in content
      ? content.prettier
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a config file holds settings of its own. One that is just a string names a
 * package or a script with the settings, which prettier would run.
 */
function isMapping(path: string): boolean {
  try {
    const first = readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "" && !/^(#|\/\/|---$)/.test(line));
    return first === undefined || /^(\{|\[|(\w+|"\w+"|'\w+')\s*[:=](\s|$))/.test(first);
  } catch {
    return false;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
