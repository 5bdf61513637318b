import { globSource } from "../dockerfile/glob.ts";
import { expand } from "../dockerfile/lexer.ts";
import { splitWords } from "../dockerfile/space.ts";
import type { Instruction } from "../dockerfile/types.ts";
import type { BuildContext } from "./build-context.ts";
import { absolutePath, baseName, isWithin } from "./paths.ts";
import type { Surroundings } from "./surroundings.ts";

/** A COPY or an ADD. */
export interface CopyStep {
  readonly instruction: Instruction;
  /** As written; in the build context, or in what `from` names. */
  readonly sources: readonly string[];
  /** Absolute; undefined where the file doesn't tell it. */
  readonly destination: string | undefined;
  readonly isFolder: boolean;
  /** The stage or image that it takes files from; undefined for the build context. */
  readonly from: string | undefined;
}

export function readCopy(
  instruction: Instruction,
  { folder, variable }: Surroundings,
  escape: string,
): CopyStep {
  const { body, json, flags } = instruction;
  const resolve = (word: string): string | undefined => expand(word, escape, variable);
  const words = json ?? splitWords(body.text);
  const target = resolve(words.at(-1) ?? "");
  const destination = target === undefined ? undefined : absolutePath(target, folder);
  return {
    instruction,
    sources: words.slice(0, -1).map((word) => resolve(word) ?? word),
    destination,
    isFolder:
      words.length > 2 ||
      target === "." ||
      (target?.endsWith("/") ?? false) ||
      destination === folder,
    from: flags.find(({ name }) => name === "from")?.value,
  };
}

/** Offset in the Dockerfile of the last instruction that puts something there. */
export function copiedAt(copies: readonly CopyStep[], path: string): number | undefined {
  return copies.findLast(
    ({ destination }) => destination !== undefined && isWithin(path, destination),
  )?.instruction.range.start;
}

/** Where each file of the build context comes to lie in the image, by its path there. */
export function copiedFiles(
  copies: readonly CopyStep[],
  context: BuildContext,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { sources, destination, isFolder, from } of copies) {
    if (from !== undefined || destination === undefined) continue;
    for (const source of sources) {
      for (const [file, tail] of matches(source, context)) {
        const name = tail ?? (isFolder ? baseName(file) : undefined);
        const path = name === undefined ? destination : `${destination}/${name}`;
        files.set(path.replace("//", "/"), file);
      }
    }
  }
  return files;
}

/** The files that a source names, and for those in a folder the path inside of it. */
function matches(
  source: string,
  { files }: BuildContext,
): (readonly [file: string, tail: string | undefined])[] {
  const path = source.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
  if (path === "" || path === ".") return files.map((file) => [file, file]);
  // Character classes, which COPY knows, too, are taken literally.
  const pattern = new RegExp(`^${globSource(path)}(?:/(.*))?$`, "s");
  return files.flatMap((file) => {
    const match = pattern.exec(file);
    return match ? [[file, match[1]] as const] : [];
  });
}
