import { dotnet } from "./dotnet/dotnet.ts";
import { go } from "./go/go.ts";
import { java } from "./java/java.ts";
import { native } from "./native/native.ts";
import { node } from "./node/node.ts";
import { smallNode } from "./node/small.ts";
import { others } from "./others.ts";
import { python } from "./python/python.ts";
import { ruby } from "./ruby/ruby.ts";
import { rust } from "./rust/rust.ts";
import type { Ecosystem } from "./types.ts";

/** The first one that is concerned decides. */
export const ecosystems: readonly Ecosystem[] = [
  go,
  dotnet,
  java,
  node,
  smallNode,
  python,
  ruby,
  rust,
  native,
  others,
];
