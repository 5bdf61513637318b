import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LayoutPreference } from "../engine/types.ts";
import type { EditorconfigCache, Indentation } from "./editorconfig.ts";
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

/** What decides the layout of the files in a folder. */
interface Source {
  readonly prettier?: PrettierConfig | undefined;
  /** There is an .editorconfig in the folder or above it, up to the root. */
  readonly hasEditorconfig: boolean;
  /** That of the repository, failing that of the file system. */
  readonly root: string;
}

type PrettierConfig =
  | {
      readonly kind: "data";
      readonly path: string;
      /** What is in it, if it is JSON. */
      readonly settings: unknown;
    }
  | { readonly kind: "program" };

/**
 * Indentation from the .editorconfig and the prettier config that apply to a file. The
 * folders upwards are only checked for the files' existence, each folder once. prettier,
 * which takes long to load, comes in where its config isn't JSON or depends on the file.
 */
export function layoutLookup(): LayoutLookup {
  const sources = new Map<string, Source>();
  const editorconfigs: EditorconfigCache = new Map();
  return async (path) => {
    const source = sourceFor(dirname(path), sources);
    if (source.prettier?.kind === "program") return { layout: {} };
    try {
      return { layout: layoutOf(await indentationOf(path, source, editorconfigs)) };
    } catch (error) {
      return {
        layout: {},
        warning: `the prettier or editor config that applies can't be used: ${firstLine(systemReason(error))}`,
      };
    }
  };
}

/** prettier's own settings count before those of .editorconfig. */
async function indentationOf(
  path: string,
  { prettier, hasEditorconfig, root }: Source,
  editorconfigs: EditorconfigCache,
): Promise<Indentation> {
  const own = prettier?.kind === "data" ? plainIndentation(prettier.settings) : {};
  if (prettier?.kind === "data" && own === undefined) {
    const { resolveConfig } = await import("prettier");
    return (
      (await resolveConfig(path, { editorconfig: true, config: prettier.path })) ?? {}
    );
  }
  if (!hasEditorconfig) return own ?? {};
  const { editorconfigIndentation } = await import("./editorconfig.ts");
  return { ...editorconfigIndentation(path, root, editorconfigs), ...own };
}

/** The settings of a prettier config that holds for each file; undefined for any other. */
function plainIndentation(settings: unknown): Indentation | undefined {
  if (typeof settings !== "object" || settings === null) return undefined;
  const { useTabs, tabWidth, overrides } = settings as Readonly<Record<string, unknown>>;
  if (/"(useTabs|tabWidth)"/.test(JSON.stringify(overrides ?? {}))) return undefined;
  if (!["boolean", "undefined"].includes(typeof useTabs)) return undefined;
  if (!["number", "undefined"].includes(typeof tabWidth)) return undefined;
  return {
    ...(typeof useTabs === "boolean" ? { useTabs } : {}),
    ...(typeof tabWidth === "number" ? { tabWidth } : {}),
  };
}

function layoutOf({ useTabs, tabWidth = 0 }: Indentation): Partial<LayoutPreference> {
  if (useTabs === true) return { indent: "\t" };
  return tabWidth > 0 ? { indent: " ".repeat(tabWidth) } : {};
}

function sourceFor(folder: string, known: Map<string, Source>): Source {
  const cached = known.get(folder);
  if (cached !== undefined) return cached;
  const parent = dirname(folder);
  const above = parent === folder ? undefined : sourceFor(parent, known);
  const isRoot =
    above === undefined || [".git", ".hg"].some((name) => existsSync(join(folder, name)));
  const source: Source = {
    prettier: prettierConfigIn(folder) ?? above?.prettier,
    hasEditorconfig:
      existsSync(join(folder, ".editorconfig")) || (!isRoot && above.hasEditorconfig),
    root: isRoot ? folder : above.root,
  };
  known.set(folder, source);
  return source;
}

function prettierConfigIn(folder: string): PrettierConfig | undefined {
  const manifest = join(folder, "package.json");
  if (existsSync(manifest)) {
    const settings = prettierKey(manifest);
    if (typeof settings === "object" && settings !== null) {
      return { kind: "data", path: manifest, settings };
    }
    if (settings !== undefined) return { kind: "program" };
  }
  const data = dataConfigs.find((name) => existsSync(join(folder, name)));
  if (data !== undefined) return readConfig(join(folder, data));
  const hasProgram = programConfigs.some((name) => existsSync(join(folder, name)));
  return hasProgram ? { kind: "program" } : undefined;
}

function prettierKey(manifest: string): unknown {
  try {
    const content = parsedJson(readFileSync(manifest, "utf8"));
    return typeof content === "object" && content !== null && "prettier" in content
      ? content.prettier
      : undefined;
  } catch {
    return undefined;
  }
}

function readConfig(path: string): PrettierConfig {
  try {
    const text = readFileSync(path, "utf8");
    return isMapping(text)
      ? { kind: "data", path, settings: parsedJson(text) }
      : { kind: "program" };
  } catch {
    return { kind: "program" };
  }
}

/**
 * Whether a config holds settings of its own. One that is just a string names a package or
 * a script with the settings, which prettier would run.
 */
function isMapping(text: string): boolean {
  const first = text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "" && !/^(#|\/\/|---$)/.test(line));
  return first === undefined || /^(\{|\[|(\w+|"\w+"|'\w+')\s*[:=](\s|$))/.test(first);
}

/** Undefined for what isn't JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
