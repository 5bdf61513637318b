import type { BuiltProject } from "./build-project.ts";
import type { Project } from "./project.ts";
import { layerRecords, type LayerRecord, type ProjectRecord } from "./record.ts";

const grouped = new Intl.NumberFormat("en-US");

/** The whole page docs/measurements.md. */
export function measurementsPage(
  records: readonly ProjectRecord[],
  projects: readonly Project[],
): string {
  const expected = new Map(projects.map((project) => [project.name, project.expected]));
  const shows = (name: string): string => expected.get(name)?.shows ?? "";
  const caches = (name: string): readonly string[] => expected.get(name)?.caches ?? [];
  return `# Measurements

Made by \`npm run builds -- --update\`; not edited by hand. Each project below \`test/builds\` is built by \`dockerslim verify --run-entrypoint\`: as it is and as \`dockerslim fix\` would leave it, without a cache. Of every project here, it says that the images are the same, by [what it compares](verify.md#what-is-compared) and [what may differ](verify.md#what-may-differ). The script also checks that both images print what they should, and that no other caches are missing afterwards than those named here.

Bytes are those of the regular files in a layer, hard links counted once. The layers of the base image aren't counted.

| project | shows | layers | bytes before | bytes after | saved |
| --- | --- | --- | ---: | ---: | ---: |
${records.map((record) => summaryRow(record, shows(record.name))).join("\n")}

${records.map((record) => section(record, caches(record.name))).join("\n\n")}
`;
}

function summaryRow({ name, before, after }: ProjectRecord, shows: string): string {
  const [old, now] = [sum(before), sum(after)];
  const saved = old === 0 ? 0 : Math.round((1 - now / old) * 1000) / 10;
  const cells = [
    `[${name}](#${name})`,
    shows.replaceAll("|", "\\|"),
    `${before.length} → ${after.length}`,
    grouped.format(old),
    grouped.format(now),
    `${saved} %`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function section(record: ProjectRecord, caches: readonly string[]): string {
  const { name, date, builder, note, before, after } = record;
  const removed = caches.map((path) => `\`${path}\``).join(", ");
  return `## ${name}

${removed === "" ? "No cache is removed" : `Removed: ${removed}`}. Built on ${date} with ${builder}${note === "" ? "" : `, on ${note}`}.

| bytes before | layer |
| ---: | --- |
${rows(before)}

| bytes after | layer |
| ---: | --- |
${rows(after)}`;
}

function rows(layers: readonly LayerRecord[]): string {
  return layers
    .map(({ bytes, instruction }) => {
      const text = instruction.replaceAll("|", "\\|");
      return `| ${grouped.format(bytes)} | \`${text}\` |`;
    })
    .join("\n");
}

/** The same of one project for a terminal, with what is wrong. */
export function projectText({
  project,
  report,
  problems,
  seconds,
}: BuiltProject): string {
  const result = problems.length === 0 ? "ok" : "FAILED";
  const lines = [`${result} ${project.name} (${seconds.toFixed(0)} s)`];
  if (report !== undefined) {
    const { before, after } = layerRecords(report);
    for (const [side, layers] of [
      ["before", before],
      ["after", after],
    ] as const) {
      const total = `${grouped.format(sum(layers))} bytes in ${layers.length} layers`;
      lines.push(`  ${side}: ${total}`);
      for (const { bytes, instruction } of layers) {
        lines.push(`  ${grouped.format(bytes).padStart(14)}  ${instruction}`);
      }
    }
  }
  lines.push(...problems.map((problem) => `  ! ${problem}`));
  return `${lines.join("\n")}\n`;
}

function sum(layers: readonly LayerRecord[]): number {
  return layers.reduce((total, { bytes }) => total + bytes, 0);
}
