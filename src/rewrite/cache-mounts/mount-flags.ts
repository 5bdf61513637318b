import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import type { Layout } from "../layout.ts";
import type { Edit } from "../../engine/types.ts";

/** A `--mount` flag, as far as a folder's contents depend on it. */
interface Mount {
  /** Absolute, without a slash at the end; undefined where the flag doesn't say. */
  readonly target: string | undefined;
  /** A cache that starts empty and can be written. */
  readonly isPlainCache: boolean;
}

/**
 * What the mounts of a RUN do to a folder: nothing (`free`), keep it out of the image
 * (`cached`), or something that an added mount would get in the way of.
 */
export function folderState(
  { flags }: Instruction,
  folder: string,
): "free" | "cached" | "taken" {
  let isCached = false;
  for (const { name, value = "" } of flags) {
    if (name !== "mount") continue;
    const { target, isPlainCache } = readMount(value);
    if (target === undefined) return "taken";
    if (target.startsWith(`${folder}/`)) return "taken";
    if (target !== folder && !folder.startsWith(`${target}/`)) continue;
    if (!isPlainCache) return "taken";
    isCached = true;
  }
  return isCached ? "cached" : "free";
}

/** Dockerfile reference, "RUN --mount". A relative target is one below the WORKDIR. */
export function readMount(value: string): Mount {
  if (/["$]/.test(value)) return { target: undefined, isPlainCache: false };
  const options = new Map(
    value.split(",").map((option) => {
      const [, name = "", text] = /^\s*([^=]*?)\s*(?:=(.*))?$/.exec(option) ?? [];
      return [name.toLowerCase(), text?.trim()] as const;
    }),
  );
  const type = options.get("type")?.toLowerCase() ?? "bind";
  const target =
    options.get("target") ?? options.get("dst") ?? options.get("destination");
  if (target === undefined) {
    // Secrets and sockets have a place of their own.
    const isElsewhere = type === "secret" || type === "ssh";
    return { target: isElsewhere ? "/run" : undefined, isPlainCache: false };
  }
  if (!target.startsWith("/"))
    return { target: target.includes("..") ? undefined : "./", isPlainCache: false };
  const others = ["from", "source", "ro", "readonly", "rw", "readwrite"];
  return {
    target: target.replace(/\/+$/, ""),
    isPlainCache: type === "cache" && !others.some((name) => options.has(name)),
  };
}

/** Puts flags behind those that a RUN has, each but the first on a line of its own. */
export function insertFlags(
  { flags, keywordRange, body }: Instruction,
  texts: readonly string[],
  { text }: Dockerfile,
  { escape, lineBreak, indent }: Layout,
): Edit[] {
  const nextLine = ` ${escape}${lineBreak}${indent}`;
  const start = flags.at(-1)?.range.end ?? keywordRange.end;
  const bodyStart = body.offsetAt(0);
  const hasOwnLine = text.slice(start, bodyStart).includes("\n");
  const added = texts.map((flag, index) =>
    index === 0 && flags.length === 0 ? ` ${flag}` : `${nextLine}${flag}`,
  );
  return texts.length === 0
    ? []
    : [
        {
          range: { start, end: hasOwnLine ? start : bodyStart },
          text: `${added.join("")}${hasOwnLine ? "" : nextLine}`,
        },
      ];
}
