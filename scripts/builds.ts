/**
 * Builds the small projects in test/builds for real, before and after `dockerslim fix
 * --write`, and compares the images. `--only a,b` chooses projects, `--update` records the
 * bytes in docs/measurements.md, `--note` says there what the base images are.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { findBuilder, type Builder } from "./builds/builder.ts";
import { buildProject } from "./builds/build-project.ts";
import type { Layer } from "./builds/image.ts";
import { loadProjects, type Project } from "./builds/project.ts";
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
  const builder = findBuilder();
  if (typeof builder === "string") return withoutBuilder(builder);
  if (!existsSync(path("dist/cli.js"))) {
    process.stderr.write("There is no dist/cli.js: npm run build\n");
    return 2;
  }
  return buildAll(builder, options);
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
    if (update) return "--update records all projects; it doesn't go with --only.";
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
  builder: Builder,
  { chosen, update, note }: Options,
): Promise<number> {
  process.stdout.write(`With ${builder.version}.\n`);
  const layers = new Map<string, Layer>();
  const built = chosen.map((project) => {
    const result = buildProject(builder, path("dist/cli.js"), project, layers);
    process.stdout.write(projectText(result));
    return result;
  });
  const failed = built.filter(({ problems }) => problems.length > 0).length;
  if (update && failed === 0) {
    const date = new Date().toISOString().slice(0, 10);
    const text = measurementsPage(built, builder.version, date, note);
    const style = await resolveConfig(page);
    writeFileSync(page, await format(text, { ...style, parser: "markdown" }));
    process.stdout.write("Recorded in docs/measurements.md.\n");
  }
  process.stdout.write(`${built.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
