import { go } from "./go.ts";
import { java } from "./java.ts";
import { node } from "./node.ts";
import { python } from "./python.ts";
import type { Ecosystem } from "./types.ts";

/** The first one that is concerned decides. */
export const ecosystems: readonly Ecosystem[] = [go, java, node, python];
