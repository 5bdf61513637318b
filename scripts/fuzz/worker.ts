/** One process of the fuzzing: checks the chunks that it is sent. */
import { checkChunk, type Chunk, type ChunkResult } from "../../test/fuzz/chunk.ts";
import { startRunner } from "../../test/oracle/native.ts";

export type Answer =
  | { readonly result: ChunkResult }
  /** What went wrong with the checking itself. */
  | { readonly error: string };

const runner = startRunner();

process.on("message", (chunk: Chunk) => {
  void answer(chunk).then((message) => process.send?.(message));
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
