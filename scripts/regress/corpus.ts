import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** Beside the repository, and no part of it. */
export const defaultCorpus = fileURLToPath(
  new URL("../../../shared/corpus/dev.jsonl.gz", import.meta.url),
);

/** A line of the corpus; its other keys are not used here. */
export interface CorpusFile {
  readonly id: string;
  readonly text: string;
}

/** Reads JSON lines, gzipped or not. */
export function readCorpus(path: string): CorpusFile[] {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as CorpusFile);
}

/** Tells whether two runs had the same files, without keeping any text of them. */
export function fingerprint(files: readonly { readonly id: string }[]): string {
  const hash = createHash("sha256");
  for (const id of files.map((file) => file.id).sort()) hash.update(`${id}\n`);
  return hash.digest("hex").slice(0, 16);
}

/** Picks `count` files; the same ones for the same seed. */
export function sampleFiles(
  files: readonly CorpusFile[],
  count: number,
  seed: number,
): readonly CorpusFile[] {
  const score = ({ id }: CorpusFile) => {
    let hash = Math.imul(seed + 1, 0x9e3779b1);
    for (const char of id)
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) ^ (hash >>> 15);
    return hash >>> 0;
  };
  return files
    .map((file) => ({ file, rank: score(file) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ file }) => file);
}
