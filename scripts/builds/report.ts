import type { BuiltProject } from "./build-project.ts";
import type { Image, Layer } from "./image.ts";
import { volatileList } from "./volatile.ts";

const grouped = new Intl.NumberFormat("en-US");

/** The whole page docs/measurements.md. */
export function measurementsPage(
  built: readonly BuiltProject[],
  builder: string,
  date: string,
  note: string,
): string {
  return `# Measurements

Made by \`npm run builds -- --update\`; not edited by hand. Each project below \`test/builds\` is built as it is and as \`dockerslim fix --write\` leaves it, without a cache. The script checks that both images print the same and end with the same exit code, that their settings are equal, and that their files are: only what is in the caches named here may be missing afterwards.

Built on ${date} with ${builder}${note === "" ? "" : `, on ${note}`}. Bytes are those of the regular files in a layer, hard links counted once. The layers of the base image aren't counted.

| project | shows | layers | bytes before | bytes after | saved |
| --- | --- | --- | ---: | ---: | ---: |
${built.map(summaryRow).join("\n")}

These files differ between any two builds, and aren't compared:

${volatileList()}

${built.map(projectSection).join("\n\n")}
`;
}

function summaryRow({ project, images }: BuiltProject): string {
  if (images === undefined) return "";
  const [before, after] = ownLayers(images.before, images.after);
  const [old, now] = [sum(before), sum(after)];
  const saved = old === 0 ? 0 : Math.round((1 - now / old) * 1000) / 10;
  const cells = [
    `[${project.name}](#${project.name})`,
    project.expected.shows,
    `${before.length} → ${after.length}`,
    grouped.format(old),
    grouped.format(now),
    `${saved} %`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function projectSection({ project, images }: BuiltProject): string {
  if (images === undefined) return "";
  const [before, after] = ownLayers(images.before, images.after);
  const caches = project.expected.caches.map((path) => `\`${path}\``).join(", ");
  return `## ${project.name}

${caches === "" ? "No cache." : `Removed: ${caches}.`}

| bytes before | layer |
| ---: | --- |
${layerRows(before)}

| bytes after | layer |
| ---: | --- |
${layerRows(after)}`;
}

/** The same for a terminal. */
export function projectText({
  project,
  images,
  problems,
  seconds,
}: BuiltProject): string {
  const lines = [
    `${problems.length === 0 ? "ok" : "FAILED"} ${project.name} (${seconds.toFixed(0)} s)`,
  ];
  if (images !== undefined) {
    const [before, after] = ownLayers(images.before, images.after);
    for (const [side, layers] of [
      ["before", before],
      ["after", after],
    ] as const) {
      lines.push(
        `  ${side}: ${grouped.format(sum(layers))} bytes in ${layers.length} layers`,
      );
      for (const layer of layers) {
        const bytes = grouped.format(layer.bytes).padStart(14);
        lines.push(`  ${bytes}  ${instruction(layer.createdBy)}`);
      }
    }
  }
  lines.push(...problems.map((problem) => `  ! ${problem}`));
  return `${lines.join("\n")}\n`;
}

/** The layers above those that both images have at their bottom. */
function ownLayers(before: Image, after: Image): readonly [Layer[], Layer[]] {
  let shared = 0;
  while (
    before.layers[shared] !== undefined &&
    before.layers[shared]?.diffId === after.layers[shared]?.diffId
  ) {
    shared += 1;
  }
  return [before.layers.slice(shared), after.layers.slice(shared)];
}

function sum(layers: readonly Layer[]): number {
  return layers.reduce((total, { bytes }) => total + bytes, 0);
}

function layerRows(layers: readonly Layer[]): string {
  return layers
    .map(({ bytes, createdBy }) => {
      const text = instruction(createdBy).replaceAll("|", "\\|");
      return `| ${grouped.format(bytes)} | \`${text}\` |`;
    })
    .join("\n");
}

/** As in the Dockerfile, on one line and cut short; builders record it each in their way. */
function instruction(createdBy: string): string {
  const text = createdBy
    .replace(/^(RUN )?(\|\d+ .*?)?\/bin\/(ba)?sh (-o pipefail )?-c (?!#\(nop\))/, "RUN ")
    .replace(/^\/bin\/(ba)?sh (-o pipefail )?-c #\(nop\) */, "")
    .replace(/ # buildkit$/, "")
    .replace(/\b(file|dir|multi):[0-9a-f]+ in /, "")
    .replaceAll("`", "'")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 90 ? `${text.slice(0, 87)}...` : text;
}
