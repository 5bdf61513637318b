import type { ChunkResult, Failure } from "../../test/fuzz/chunk.ts";

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

export function summary(results: readonly ChunkResult[], seconds: number): string {
  const sum = (of: (result: ChunkResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const [cases, changed, equal] = [
    sum((result) => result.cases),
    sum((result) => result.changed),
    sum((result) => result.equal),
  ];
  const skipped = new Map<string, number>();
  for (const [reason, count] of results.flatMap((result) => [...result.skipped]))
    skipped.set(reason, (skipped.get(reason) ?? 0) + count);
  const share = (part: number, whole: number): string =>
    whole === 0 ? "–" : `${((100 * part) / whole).toFixed(0)} %`;
  return [
    "",
    `cases     ${cases}`,
    `changed   ${changed} (${share(changed, cases)})`,
    `equal     ${equal} (${share(equal, changed)} of these)`,
    `  of these ${sum((result) => result.incomplete)} up to where a build stops by itself`,
    `failed    ${sum((result) => (result.failure ? 1 : 0))}`,
    `skipped   ${[...skipped.values()].reduce((total, count) => total + count, 0)}`,
    ...[...skipped]
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `  ${count} × ${reason}`),
    `speed     ${(changed / seconds).toFixed(1)} pairs per second`,
    "",
  ].join("\n");
}
