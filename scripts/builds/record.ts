/** What was measured of each project, as test/builds/measured.json keeps it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import type { Project } from "./project.ts";
import type { Layer, Report } from "./verify-report.ts";

export interface LayerRecord {
  readonly bytes: number;
  /** On one line and cut short. */
  readonly instruction: string;
}

export interface ProjectRecord {
  readonly name: string;
  /** As YYYY-MM-DD. */
  readonly date: string;
  readonly builder: string;
  /** What the base images were, where they weren't the published ones. */
  readonly note: string;
  /** The layers above those that both images have at their bottom. */
  readonly before: readonly LayerRecord[];
  readonly after: readonly LayerRecord[];
}

export function layerRecords({
  before,
  after,
}: Report): Pick<ProjectRecord, "before" | "after"> {
  let shared = 0;
  while (
    before.layers[shared] !== undefined &&
    before.layers[shared]?.diffId === after.layers[shared]?.diffId
  ) {
    shared += 1;
  }
  const records = (layers: readonly Layer[]): LayerRecord[] =>
    layers.slice(shared).map(({ bytes, createdBy }) => ({
      bytes,
      instruction: instruction(createdBy),
    }));
  return { before: records(before.layers), after: records(after.layers) };
}

/** Those of projects that are still there, by name. */
export function readRecords(file: string, projects: readonly Project[]): ProjectRecord[] {
  if (!existsSync(file)) return [];
  const records = JSON.parse(readFileSync(file, "utf8")) as ProjectRecord[];
  return records.filter((record) => projects.some(({ name }) => name === record.name));
}

/** Puts new records in the place of the old ones. */
export async function writeRecords(
  file: string,
  old: readonly ProjectRecord[],
  fresh: readonly ProjectRecord[],
): Promise<ProjectRecord[]> {
  const byName = new Map([...old, ...fresh].map((record) => [record.name, record]));
  const records = [...byName.values()].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  const style = await resolveConfig(file);
  writeFileSync(
    file,
    await format(JSON.stringify(records), { ...style, parser: "json" }),
  );
  return records;
}

/** As in the Dockerfile; builders record it each in their way. */
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
