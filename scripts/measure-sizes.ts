/**
 * Measures what package managers leave in a layer, by real builds, and records it in
 * src/knowledge/sizes.json.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import type { SizeEntry } from "../src/knowledge/sizes.ts";
import type { FoundBuilder } from "../src/images/builders/find.ts";
import { chosenBuilder } from "./builds/builder.ts";
import { loadCases, type MeasuringCase } from "./measure-sizes/case.ts";
import { measure } from "./measure-sizes/measure.ts";
import { updateTable } from "./measure-sizes/table.ts";

const usage = `npm run measure-sizes -- [--only MANAGER|CASE,…] [--images IMAGE,…] [--note WORDS]
  --only    measure these managers or cases alone
  --images  measure on these base images in place of those that the cases name
  --note    what is particular about the images; each row will say it
`;
const table = fileURLToPath(new URL("../src/knowledge/sizes.json", import.meta.url));
const folder = fileURLToPath(new URL("measure-sizes", import.meta.url));

process.exitCode = await main();

interface Options {
  readonly cases: readonly MeasuringCase[];
  readonly images: readonly string[] | undefined;
  readonly note: string | undefined;
}

async function main(): Promise<number> {
  const options = readOptions(loadCases(folder));
  if (typeof options === "string") {
    process.stderr.write(`${options}\n${usage}`);
    return 2;
  }
  const builder = await chosenBuilder();
  if (typeof builder === "string") {
    process.stderr.write(`SKIPPED: ${builder} Nothing was measured.\n`);
    return 0;
  }
  return record(builder, options);
}

function readOptions(cases: readonly MeasuringCase[]): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        images: { type: "string" },
        note: { type: "string" },
      },
    });
    const wanted = values.only?.split(",");
    const isWanted = ({ name, given }: MeasuringCase, word: string): boolean =>
      word === name || word === given.manager;
    const stray = wanted?.find((word) => !cases.some((one) => isWanted(one, word)));
    if (stray !== undefined) return `There is no manager and no case ${stray}.`;
    const chosen = cases.filter(
      (one) => wanted?.some((word) => isWanted(one, word)) ?? true,
    );
    return { cases: chosen, images: values.images?.split(","), note: values.note };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function record(
  builder: FoundBuilder,
  { cases, images, note }: Options,
): Promise<number> {
  const measured: SizeEntry[] = [];
  let failures = 0;
  for (const one of cases) {
    for (const image of images ?? one.given.images) {
      const entry = await measure(builder, one, image);
      if (typeof entry === "string") {
        failures += 1;
        process.stdout.write(`FAILED   ${one.name} on ${image}: ${entry}\n`);
      } else {
        measured.push(
          note === undefined ? entry : { ...entry, how: `${entry.how}; ${note}` },
        );
        process.stdout.write(`measured ${one.name} on ${image}: ${entry.bytes}\n`);
      }
    }
  }
  const recorded = existsSync(table)
    ? (JSON.parse(readFileSync(table, "utf8")) as SizeEntry[])
    : [];
  const { entries, lines } = updateTable(recorded, measured);
  const style = await resolveConfig(table);
  const text = await format(JSON.stringify(entries), { ...style, parser: "json" });
  if (!existsSync(table) || readFileSync(table, "utf8") !== text) {
    writeFileSync(table, text);
  }
  process.stdout.write(`\n${lines.join("\n")}\n`);
  return failures === 0 ? 0 : 1;
}
