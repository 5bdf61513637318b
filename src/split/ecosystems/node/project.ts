import type { NodeManager } from "./managers.ts";
import { isModuleDemanding } from "../../../knowledge/node-modules.ts";
import type { SplitSubject } from "../../subject.ts";

/** A package.json in the image, with what stands beside it. */
export interface NodeProject {
  /** Absolute. */
  readonly folder: string;
  readonly file: string;
  readonly scripts: Readonly<Record<string, string | undefined>>;
  readonly dependencies: readonly string[];
  readonly developmentDependencies: readonly string[];
  /** Whose lock file there is. */
  readonly lockedBy: NodeManager | undefined;
  /** Folders of own packages that a lock file links to. */
  readonly links: readonly string[];
  /** A package of which nobody knows that the slim image is enough for it. */
  readonly demanding: string | undefined;
}

/** @returns undefined without a build context, or without exactly one package.json */
export function readNodeProject({
  files,
  context,
}: SplitSubject): NodeProject | undefined {
  if (!context) return undefined;
  const found = [...files].filter(
    ([path, file]) =>
      path.endsWith("/package.json") && !/(^|\/)(node_modules|tests?)\//.test(file),
  );
  const paths = found.map(([path]) => path.slice(0, -"/package.json".length));
  const folder = paths.find((path) =>
    paths.every((other) => other === path || other.startsWith(`${path}/`)),
  );
  const file = folder === undefined ? undefined : files.get(`${folder}/package.json`);
  const manifest = file === undefined ? undefined : readObject(context.read(file));
  if (folder === undefined || file === undefined || !manifest) return undefined;
  const lock = files.get(`${folder}/package-lock.json`);
  const packages =
    lock === undefined ? {} : field(readObject(context.read(lock)), "packages");
  const entries = Object.entries(packages).filter(([path]) => path !== "");
  const locks = (["yarn", "pnpm"] as const).flatMap((manager) => {
    const name = manager === "yarn" ? "yarn.lock" : "pnpm-lock.yaml";
    const names = lockedNames(context.read(files.get(`${folder}/${name}`) ?? "") ?? "");
    return names.length > 0 ? [{ manager, names }] : [];
  });
  const other = locks.length === 1 ? locks[0] : undefined;
  const demanding = entries.find(([path, entry]) =>
    isModuleDemanding(
      path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      isRecord(entry) &&
        entry["hasInstallScript"] === true &&
        entry["link"] !== true &&
        path.includes("node_modules/"),
    ),
  );
  return {
    folder,
    file,
    scripts: Object.fromEntries(
      Object.entries(field(manifest, "scripts")).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value]] : [],
      ),
    ),
    dependencies: Object.keys(field(manifest, "dependencies")),
    developmentDependencies: Object.keys(field(manifest, "devDependencies")),
    lockedBy:
      entries.length > 0 ? (locks.length > 0 ? undefined : "npm") : other?.manager,
    links: entries.flatMap(([path]) =>
      path.includes("node_modules/") ? [] : [`${folder}/${path}`],
    ),
    demanding:
      demanding?.[0] ?? other?.names.find((item) => isModuleDemanding(item, false)),
  };
}

/**
 * Names of the modules in a lock file of Yarn 1 or pnpm; none in another one, such as that of
 * Yarn 2, which needs no folder of modules (Yarn documentation; pnpm/spec, lockfile).
 */
function lockedNames(text: string): readonly string[] {
  if (/^__metadata:/m.test(text)) return [];
  const isYarn = /^# yarn lockfile v1$/m.test(text);
  const entry = isYarn
    ? /^"?(@?[^@"\s]+)@[^\n]*:$/gm
    : /^ {2}['"]?\/?(@?[^@'"\s(]+)[@/]\d[^\n]*:/gm;
  return [...text.matchAll(entry)].map(([, name = ""]) => name);
}

function readObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function field(
  object: Record<string, unknown> | undefined,
  name: string,
): Record<string, unknown> {
  const value = object?.[name];
  return isRecord(value) ? value : {};
}
