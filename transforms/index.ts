import type { Transform } from "../src/rewrite/types.ts";

/** The passes, in the order in which they run. */
export const transforms: readonly Transform[] = [];
