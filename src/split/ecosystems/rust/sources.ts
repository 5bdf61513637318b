import { folderOf } from "../../paths.ts";
import type { SplitSubject } from "../../subject.ts";

/** What the manifests and sources of the build context tell of Rust programs. */
export interface Crates {
  /** Names of the programs by the folder in the image that holds the crate's Cargo.toml. */
  readonly programs: ReadonlyMap<string, readonly string[]>;
  /** Names of all crates in Cargo.lock and Cargo.toml. */
  readonly dependencies: readonly string[];
  /** All Rust sources as one text. */
  readonly code: string;
}

/** @returns undefined where there is no build context, or it holds no program */
export function readCrates({ context, files }: SplitSubject): Crates | undefined {
  if (!context) return undefined;
  const programs = new Map<string, readonly string[]>();
  const dependencies: string[] = [];
  const texts: string[] = [];
  for (const [path, file] of files) {
    const text = context.read(file) ?? "";
    if (path.endsWith(".rs")) texts.push(text);
    if (path.endsWith("/Cargo.lock"))
      for (const [, name = ""] of text.matchAll(/^name\s*=\s*"([^"]+)"/gm))
        dependencies.push(name);
    if (!path.endsWith("/Cargo.toml")) continue;
    for (const [, name = ""] of text.matchAll(/^([\w-]+-sys)\s*=/gm))
      dependencies.push(name);
    const names = programsOf(text, folderOf(path), files);
    if (names.length > 0) programs.set(folderOf(path), names);
  }
  return programs.size === 0
    ? undefined
    : { programs, dependencies, code: texts.join("\n") };
}

/** The Cargo Book, "Cargo Targets": automatic and named binaries. */
function programsOf(
  text: string,
  folder: string,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const sections = text.split(/^\s*(?=\[)/m);
  const valueOf = (part: string, key: string): string | undefined =>
    new RegExp(`^${key}\\s*=\\s*"([^"]+)"`, "m").exec(part)?.[1];
  const own = sections.find((part) => part.startsWith("[package]"));
  const name = own === undefined ? undefined : valueOf(own, "name");
  if (own === undefined || name === undefined) return [];
  const bins = sections.filter((part) => part.startsWith("[[bin]]"));
  const isElsewhere = (source: string): boolean =>
    bins.some((part) => (valueOf(part, "path") ?? "").endsWith(source));
  const found = new Set(
    bins
      .filter((part) => !part.includes("required-features"))
      .flatMap((part) => valueOf(part, "name") ?? []),
  );
  if (/^autobins\s*=\s*false/m.test(own)) return [...found];
  if (files.has(`${folder}/src/main.rs`) && !isElsewhere("src/main.rs")) found.add(name);
  const place = `${folder}/src/bin/`;
  for (const path of files.keys()) {
    if (!path.startsWith(place) || isElsewhere(path.slice(folder.length + 1))) continue;
    const bin = /^([^/]+)(?:\.rs|\/main\.rs)$/.exec(path.slice(place.length))?.[1];
    if (bin !== undefined) found.add(bin);
  }
  return [...found];
}
