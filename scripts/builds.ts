/**
 * Has `dockerslim verify` build the small projects in test/builds, as they are and rewritten,
 * and compare the images. `--only a,b` chooses projects, `--update` records the
 * bytes in test/builds/measured.json and docs/measurements.md, `--note` says there what the
 * base images are.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import type { FoundBuilder } from "../src/images/builders/find.ts";
import { chosenBuilder, versionOf } from "./builds/builder.ts";
import { buildProject } from "./builds/build-project.ts";
import { loadProjects, type Project } from "./builds/project.ts";
import {
  layerRecords,
  readRecords,
  writeRecords,
  type ProjectRecord,
} from "./builds/record.ts";
import { measurementsPage, projectText } from "./builds/report.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../${name}`, import.meta.url));
const page = path("docs/measurements.md");

process.exitCode = await main();

async function main(): Promise<number> {
  const projects = loadProjects(path("test/builds"));
  const options = readOptions(projects);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  const builder = await chosenBuilder();
  if (typeof builder === "string") return withoutBuilder(builder);
  if (!existsSync(path("dist/cli.js"))) {
    process.stderr.write("There is no dist/cli.js: npm run build\n");
    return 2;
  }
  return buildAll(builder, projects, options);
}

interface Options {
  readonly chosen: readonly Project[];
  readonly update: boolean;
  /** What the base images are, where they aren't the published ones. */
  readonly note: string;
}

function readOptions(projects: readonly Project[]): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        update: { type: "boolean", default: false },
        note: { type: "string", default: "" },
      },
    });
    const { update, note } = values;
    if (values.only === undefined) return { chosen: projects, update, note };
    const names = values.only.split(",");
    const stray = names.find((name) =>
      projects.every((project) => project.name !== name),
    );
    if (stray !== undefined) return `There is no project ${stray} in test/builds.`;
    return { chosen: projects.filter(({ name }) => names.includes(name)), update, note };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A person may have no builder; CI must not pass without having built anything. */
function withoutBuilder(reason: string): number {
  const inCi = (process.env["CI"] ?? "") !== "";
  process.stderr.write(
    inCi
      ? `error: ${reason} CI has to build.\n`
      : `SKIPPED: ${reason} Nothing was built.\n`,
  );
  return inCi ? 1 : 0;
}

async function buildAll(
  builder: FoundBuilder,
  projects: readonly Project[],
  { chosen, update, note }: Options,
): Promise<number> {
  const version = await versionOf(builder);
  process.stdout.write(`With ${version}.\n`);
  let failed = 0;
  for (const project of chosen) {
    const built = buildProject(builder, path("dist/cli.js"), project);
    process.stdout.write(projectText(built));
    if (built.problems.length > 0) failed += 1;
    else if (update && built.report !== undefined) {
      const record = {
        name: project.name,
        date: new Date().toISOString().slice(0, 10),
        builder: version,
        note,
        ...layerRecords(built.report),
      };
      // After each project, so that an interrupted run isn't lost.
      await recordAll(projects, [record]);
    }
  }
  process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function recordAll(
  projects: readonly Project[],
  fresh: readonly ProjectRecord[],
): Promise<void> {
  const file = path("test/builds/measured.json");
  const records = await writeRecords(file, readRecords(file, projects), fresh);
  const style = await resolveConfig(page);
  const text = measurementsPage(records, projects);
  writeFileSync(page, await format(text, { ...style, parser: "markdown" }));
}
