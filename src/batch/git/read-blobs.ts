import type { Outcome } from "../target-state.ts";
import { stepFailure } from "./git-failure.ts";
import { objectEnvironment, type ObjectStore } from "./objects.ts";
import { runGit } from "./run-git.ts";

/** A blob's bytes, or why they aren't here. */
export type Blob =
  { readonly bytes: Buffer } | { readonly missing: true } | { readonly tooLarge: number };

/**
 * Reads blobs that are in the repository. Those above the limit are not kept.
 *
 * @param maxBytes Of a single blob.
 */
export async function readBlobs(
  objects: ObjectStore,
  ids: readonly string[],
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Outcome<ReadonlyMap<string, Blob>>> {
  const blobs = new Map<string, Blob>();
  if (ids.length === 0) return { value: blobs };
  const reader = batchReader(maxBytes, (id, blob) => blobs.set(id, blob));
  const result = await runGit({
    words: ["cat-file", "--batch"],
    environment: objectEnvironment(objects),
    input: `${ids.join("\n")}\n`,
    signal,
    onOutput: reader,
  });
  if ("gitFailure" in result) return { failure: stepFailure("read", result.gitFailure) };
  return { value: blobs };
}

/** Takes `<id> blob <size>\n<bytes>\n` and `<id> missing\n`, in pieces of any length. */
function batchReader(
  maxBytes: number,
  take: (id: string, blob: Blob) => void,
): (piece: Buffer) => void {
  let header = "";
  let current: { id: string; size: number; left: number; pieces: Buffer[] } | undefined;
  return (piece) => {
    let offset = 0;
    while (offset < piece.length) {
      if (current === undefined) {
        const end = piece.indexOf(10, offset);
        header += piece.toString("latin1", offset, end === -1 ? undefined : end);
        if (end === -1) return;
        offset = end + 1;
        const [id = "", type, size] = header.split(" ");
        header = "";
        if (type !== "blob") take(id, { missing: true });
        // With the line feed that follows the bytes.
        else current = { id, size: Number(size), left: Number(size) + 1, pieces: [] };
        continue;
      }
      const part = piece.subarray(offset, offset + current.left);
      if (current.size <= maxBytes) current.pieces.push(part);
      offset += part.length;
      current.left -= part.length;
      if (current.left > 0) continue;
      const { id, size, pieces } = current;
      take(
        id,
        size > maxBytes
          ? { tooLarge: size }
          : { bytes: Buffer.concat(pieces).subarray(0, size) },
      );
      current = undefined;
    }
  };
}
