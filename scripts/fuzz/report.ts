import type { Failure } from "../../test/fuzz/chunk.ts";
import type { FuzzResult } from "./result.ts";

export function describeFailure(failure: Failure): string {
  const { seed, path, property, detail, before, after, options } = failure;
  return [
    `FAILED: ${property}`,
    detail,
    `---- the Dockerfile, shrunk; options ${JSON.stringify(options)}`,
    readable(before),
    "---- its rewrite",
    readable(after),
    `---- replay: npm run fuzz -- --seed ${seed} --path ${path}`,
  ].join("\n");
}

/** What a terminal doesn't show is spelled out. */
function readable(text: string): string {
  return text
    .replaceAll("\uFEFF", "<BOM>")
    .replaceAll("\r", "<CR>")
    .replaceAll("\t", "<TAB>")
    .replaceAll("\u00a0", "<NBSP>");
}

export function summary(result: FuzzResult, seconds: number): string {
  const { cases, changed, equal, incomplete, failed } = result;
  const skipped = Object.entries(result.skipped);
  const share = (part: number, whole: number): string =>
    whole === 0 ? "–" : `${((100 * part) / whole).toFixed(0)} %`;
  return [
    "",
    `cases     ${cases}`,
    `changed   ${changed} (${share(changed, cases)})`,
    `equal     ${equal} (${share(equal, changed)} of these)`,
    `  of these ${incomplete} up to where a build stops by itself`,
    `failed    ${failed}`,
    `skipped   ${skipped.reduce((total, [, count]) => total + count, 0)}`,
    ...skipped.map(([reason, count]) => `  ${count} × ${reason}`),
    `speed     ${(changed / seconds).toFixed(1)} pairs per second`,
    "",
  ].join("\n");
}
