import { go } from "./go.ts";
import { java } from "./java.ts";
import { native } from "./native.ts";
import { node } from "./node.ts";
import { python } from "./python.ts";
import { rust } from "./rust.ts";
import type { Ecosystem } from "./types.ts";

/** The first one that is concerned decides. */
export const ecosystems: readonly Ecosystem[] = [go, java, node, python, rust, native];
