/**
 * Has `dockerslim verify --propose` build the sample projects of split-stages, as they are and
 * split, and compare them. `--only a,b` chooses projects, `--update` records the bytes in
 * test/splits.json and docs/splits.md, `--note` says there what the base images are, and
 * `--builder` which builder is used.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readArguments } from "./arguments.ts";
import { format, resolveConfig } from "prettier";
import { buildSample, sampleNames } from "./splits/build-sample.ts";
import { splitsPage, type SplitRecord } from "./splits/page.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../${name}`, import.meta.url));
const record = path("test/splits.json");
const page = path("docs/splits.md");

const { values } = readArguments({
  options: {
    only: { type: "string" },
    update: { type: "boolean", default: false },
    note: { type: "string", default: "" },
    builder: { type: "string", default: "buildah" },
  },
});
const names = sampleNames().filter(
  (name) => values.only === undefined || values.only.split(",").includes(name),
);
let failed = 0;
for (const name of names) {
  const sample = buildSample(name, path("dist/cli.js"), values.builder);
  const problem = "problem" in sample ? sample.problem : undefined;
  process.stdout.write(`${problem === undefined ? "ok" : "FAILED"} ${name}\n`);
  if ("problem" in sample) {
    failed += 1;
    process.stdout.write(`  ${sample.problem.replaceAll("\n", "\n  ")}\n`);
    continue;
  }
  process.stdout.write(`  ${sample.before} -> ${sample.after} bytes\n`);
  if (values.update) await recordSample({ ...sample, note: values.note });
}
process.stdout.write(`${names.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** After each project, so that an interrupted run isn't lost. */
async function recordSample(fresh: SplitRecord): Promise<void> {
  const known = JSON.parse(readFileSync(record, "utf8")) as readonly SplitRecord[];
  const others = known.filter(
    ({ name }) => name !== fresh.name && sampleNames().includes(name),
  );
  const records = [...others, fresh].sort((a, b) => (a.name < b.name ? -1 : 1));
  const style = await resolveConfig(page);
  writeFileSync(
    record,
    await format(JSON.stringify(records), { ...style, parser: "json" }),
  );
  writeFileSync(
    page,
    await format(splitsPage(records), { ...style, parser: "markdown" }),
  );
}
