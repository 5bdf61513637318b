import type { Dockerfile, Instruction } from "../dockerfile/types.ts";

/** hadolint's rules that ask for what a transform does (github.com/hadolint/hadolint, Rules). */
const hadolintRules: ReadonlyMap<string, readonly string[]> = new Map([
  ["merge-runs", ["DL3059"]],
  ["no-cache-flags", ["DL3019", "DL3042"]],
  ["no-recommends", ["DL3015"]],
  ["clean-package-cache", ["DL3009", "DL3032", "DL3036", "DL3040", "DL3060"]],
]);

/** Tells whether a comment in the file asks to leave an instruction alone. */
export interface Suppressions {
  isIgnored(instruction: Instruction, transform: string): boolean;
}

export function readSuppressions(dockerfile: Dockerfile): Suppressions {
  const comments = dockerfile.comments.map(({ text }) => text);
  const inFile = new Map<string, boolean>();
  const isFileIgnored = (transform: string): boolean => {
    const known = inFile.get(transform);
    if (known !== undefined) return known;
    const isIgnored = comments.some(
      (text) =>
        names(text, "dockerslim-ignore-file", transform) ||
        namesRule(text, "hadolint global", transform),
    );
    inFile.set(transform, isIgnored);
    return isIgnored;
  };
  return {
    isIgnored: (instruction, transform) =>
      isFileIgnored(transform) ||
      instruction.leadingComments.some(
        ({ text }) =>
          names(text, "dockerslim-ignore", transform) ||
          namesRule(text, "hadolint", transform),
      ),
  };
}

/** `<keyword> [ids] [-- reason]`; without ids it means all transforms. */
function names(text: string, keyword: string, transform: string): boolean {
  const [instruction = ""] = text.split(/\s--(?:\s|$)/);
  const [first, ...ids] = instruction.split(/[\s,]+/).filter((word) => word !== "");
  return first === keyword && (ids.length === 0 || ids.includes(transform));
}

/** `<keyword> ignore=DL3009,DL3015`. */
function namesRule(text: string, keyword: string, transform: string): boolean {
  const rules = hadolintRules.get(transform) ?? [];
  const [, , list] = /^([a-z\s]+?)\s+ignore\s*=\s*(.*)$/.exec(text) ?? [];
  return (
    list !== undefined &&
    text.replace(/\s+/g, " ").startsWith(`${keyword} ignore`) &&
    list.split(/[\s,]+/).some((rule) => rules.includes(rule))
  );
}
