import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

const fixtures = fileURLToPath(new URL("../../fixtures/split-stages/", import.meta.url));

/** `build` in a fixture's case.json. */
const buildSchema = v.object({
  /** What the project is an example of. */
  shows: v.string(),
  /** Whether its command comes to an end, so that what it prints can be compared. */
  ends: v.boolean(),
  /** Otherwise: what to run in its place, by /bin/sh, e.g. to ask a server. */
  run: v.optional(v.string()),
});

const reportSchema = v.object({
  result: v.picklist(["same", "different"]),
  split: v.boolean(),
  before: v.object({ bytes: v.number() }),
  after: v.object({ bytes: v.number() }),
  differences: v.array(
    v.object({ subject: v.string(), message: v.string(), judgement: v.string() }),
  ),
});

/** How both images are run, as options of verify. */
const runs = {
  "to its end": () => ["--run-entrypoint"],
  "for 5 s": () => ["--run-entrypoint", "--run-timeout", "5"],
  "a request": (script: string) => ["--run", script],
} as const;

export interface Sample {
  readonly name: string;
  readonly shows: string;
  /** The base image of the final stage. */
  readonly runtime: string;
  readonly ran: keyof typeof runs;
  /** Bytes of all files in all layers, the base image's included. */
  readonly before: number;
  readonly after: number;
  /** As YYYY-MM-DD. */
  readonly date: string;
}

/** Fixtures that are whole projects, which can be built. */
export function sampleNames(): readonly string[] {
  return readdirSync(fixtures)
    .sort()
    .filter((name) => buildOf(name) !== undefined);
}

function buildOf(name: string): v.InferOutput<typeof buildSchema> | undefined {
  const file = join(fixtures, name, "case.json");
  if (!existsSync(file)) return undefined;
  const value = JSON.parse(readFileSync(file, "utf8")) as { readonly build?: unknown };
  return value.build === undefined ? undefined : v.parse(buildSchema, value.build);
}

export function buildSample(
  name: string,
  cli: string,
  builder: string,
): Sample | { readonly problem: string } {
  const build = buildOf(name);
  if (!build) return { problem: "its case.json has no build" };
  const ran = build.ends
    ? "to its end"
    : build.run === undefined
      ? "for 5 s"
      : "a request";
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-split-"));
  try {
    cpSync(join(fixtures, name, "context"), folder, { recursive: true });
    cpSync(join(fixtures, name, "before.Dockerfile"), join(folder, "Dockerfile"));
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        ...[cli, "verify", join(folder, "Dockerfile"), "--propose", "--no-config"],
        ...["--only", "split-stages", "--builder", builder, "--format", "json"],
        ...runs[ran](build.run ?? ""),
      ],
      { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
    );
    if (stdout === "") return { problem: `verify ended with ${status}: ${stderr}` };
    const report = v.parse(reportSchema, JSON.parse(stdout));
    if (report.result === "different" || !report.split)
      return {
        problem: report.differences
          .filter(({ judgement }) => judgement === "differs")
          .map(({ subject, message }) => `${subject} ${message}`)
          .join("\n"),
      };
    return {
      name,
      shows: build.shows,
      runtime: runtimeOf(name),
      ran,
      before: report.before.bytes,
      after: report.after.bytes,
      date: new Date().toISOString().slice(0, 10),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runtimeOf(name: string): string {
  const text = readFileSync(join(fixtures, name, "after.Dockerfile"), "utf8");
  return [...text.matchAll(/^FROM\s+(\S+)/gim)].at(-1)?.[1] ?? "";
}
