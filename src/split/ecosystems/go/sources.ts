import type { SplitSubject } from "../../subject.ts";

/** What the Go files of the build context tell of a program. */
export interface GoSources {
  /** `module` of go.mod, by the folder in the build context that it stands in. */
  readonly modules: ReadonlyMap<string, string>;
  /** Folders in the image that hold a `package main`. */
  readonly mains: ReadonlySet<string>;
  /** Paths in the image that `go:embed` names. */
  readonly embedded: ReadonlySet<string>;
  readonly imports: ReadonlyMap<string, GoPlace>;
  readonly strings: readonly (GoPlace & { readonly text: string })[];
  /** First place of each of some calls, by its name, e.g. `exec.Command`. */
  readonly calls: ReadonlyMap<string, GoPlace>;
}

export interface GoPlace {
  readonly file: string;
  readonly line: number;
}

const callPattern =
  /\b(exec\.Command(?:Context)?|plugin\.Open|time\.LoadLocation|user\.(?:Lookup|Current)\w*|os\.(?:TempDir|CreateTemp|MkdirTemp)|ioutil\.Temp\w+)\s*\(\s*(?:ctx\s*,\s*|[\w.]*[cC]ontext[\w.()]*\s*,\s*)?("(?:[^"\\]|\\.)*")?/g;

/** @returns undefined where there is no build context, or it holds no Go file */
export function readGoSources({ context, files }: SplitSubject): GoSources | undefined {
  if (!context) return undefined;
  const sources = [...files].filter(
    ([path]) => path.endsWith(".go") && !path.endsWith("_test.go"),
  );
  if (sources.length === 0) return undefined;
  const modules = new Map<string, string>();
  const mains = new Set<string>();
  const embedded = new Set<string>();
  const imports = new Map<string, GoPlace>();
  const strings: (GoPlace & { text: string })[] = [];
  const calls = new Map<string, GoPlace>();
  for (const [path, file] of files) {
    if (!path.endsWith("/go.mod")) continue;
    const name = /^module\s+"?([^\s"]+)/m.exec(context.read(file) ?? "")?.[1];
    if (name !== undefined) modules.set(path.slice(0, -"/go.mod".length), name);
  }
  for (const [path, file] of sources) {
    const text = context.read(file) ?? "";
    const folder = path.slice(0, path.lastIndexOf("/")) || "/";
    const isVendored = /(^|\/)vendor\//.test(file);
    if (/^package\s+main\b/m.test(text) && !isVendored) mains.add(folder);
    for (const match of text.matchAll(/^\/\/go:embed\s+(.+)$/gm))
      for (const name of (match[1] ?? "").split(/\s+/))
        embedded.add(`${folder}/${name.replace(/^all:|^"|"$/g, "")}`);
    const place = (index: number): GoPlace => ({
      file,
      line: text.slice(0, index).split("\n").length,
    });
    for (const match of text.matchAll(callPattern)) {
      const name = match[1] ?? "";
      const key = name.startsWith("exec.") ? `exec ${match[2] ?? ""}` : name;
      if (!calls.has(key)) calls.set(key, place(match.index));
    }
    const header = /^import\s*\(([^)]*)\)/m.exec(text);
    const names = [...text.matchAll(/^import\s*\(([^)]*)\)/gm)].map(([, block]) => block);
    for (const match of `${names.join("\n")}\n${[...text.matchAll(/^import\s+.*$/gm)].join("\n")}`.matchAll(
      /"([^"]+)"/g,
    ))
      if (!imports.has(match[1] ?? ""))
        imports.set(match[1] ?? "", place(header?.index ?? 0));
    if (isVendored) continue;
    for (const match of text.matchAll(/"((?:[^"\\\n]|\\.)*)"|`([^`]*)`/g))
      strings.push({ ...place(match.index), text: match[1] ?? match[2] ?? "" });
  }
  return { modules, mains, embedded, imports, strings, calls };
}
