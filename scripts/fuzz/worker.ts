/** One process of the fuzzing: checks the chunks that it is sent. */
import { readCorpus } from "../regress/corpus.ts";
import { checkChunk, type Chunk, type ChunkResult } from "../../test/fuzz/chunk.ts";
import { startRunner } from "../../test/oracle/native.ts";

export type Answer =
  | { readonly result: ChunkResult }
  /** What went wrong with the checking itself. */
  | { readonly error: string };

/** A chunk, and the files that its cases are made from, if they aren't generated. */
export interface Order {
  readonly chunk: Chunk;
  /** Path of a corpus. */
  readonly corpus: string | undefined;
}

const runner = startRunner();
let files: readonly string[] | undefined;

process.on("message", ({ chunk, corpus }: Order) => {
  if (corpus !== undefined) files ??= readCorpus(corpus).map(({ text }) => text);
  void answer({ ...chunk, files }).then((message) => process.send?.(message));
});
process.on("disconnect", () => {
  runner.close();
  process.exit();
});

async function answer(chunk: Chunk): Promise<Answer> {
  try {
    return { result: await checkChunk(chunk, { runner }) };
  } catch (error) {
    return {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
