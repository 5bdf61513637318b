/** Has `dockerslim verify` build a project as it is and rewritten, and compare the images. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as v from "valibot";
import type { FoundBuilder } from "../../src/images/builders/find.ts";
import type { Project } from "./project.ts";
import { verifyReport, type Report } from "./verify-report.ts";

export interface BuiltProject {
  readonly project: Project;
  /** Undefined where the images could not be compared. */
  readonly report: Report | undefined;
  /** What is wrong, one line each; none for success. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

const longestOutput = 64 * 1024 * 1024;

export function buildProject(
  { builder, program }: FoundBuilder,
  cli: string,
  project: Project,
): BuiltProject {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[cli, "verify", join(project.folder, "Dockerfile"), "--builder", program],
      ...["--no-config", "--run-entrypoint", "--format", "json"],
    ],
    {
      env: { ...process.env, ...builder.buildEnvironment },
      encoding: "utf8",
      maxBuffer: longestOutput,
    },
  );
  const seconds = (performance.now() - start) / 1000;
  if (stdout === "") {
    const problem = `verify ended with ${status}: ${stderr.trim()}`;
    return { project, report: undefined, problems: [problem], seconds };
  }
  const report = v.parse(verifyReport, JSON.parse(stdout));
  return { project, report, problems: problemsOf(report, project.expected), seconds };
}

function problemsOf(report: Report, expected: Project["expected"]): string[] {
  const { before, after, gone, differences } = report;
  const caches = expected.caches.map((path) => path.replace(/\/+$/, ""));
  const isInside = (path: string, cache: string) =>
    path === cache || path.startsWith(`${cache}/`);
  return [
    ...runProblems("before", before.run, expected),
    ...runProblems("after", after.run, expected),
    ...differences
      .filter(({ judgement }) => judgement === "differs")
      .map(({ subject, message }) => `${subject} ${message}`),
    // What verify allows in any image may not go where the project doesn't expect it.
    ...differences
      .filter(
        ({ subject, message, reason }) =>
          message === "is missing" &&
          reason.startsWith("cache of ") &&
          // A folder that held nothing but a cache goes with it.
          !caches.some((cache) => isInside(subject, cache) || isInside(cache, subject)),
      )
      .map(({ subject, reason }) => `${subject} is missing, a ${reason}`),
    ...caches
      .filter((cache) =>
        [
          ...gone.map(({ path }) => path),
          ...differences.map(({ subject }) => subject),
        ].every((path) => !isInside(path, cache)),
      )
      .map((cache) => `${cache}: nothing in it was removed`),
  ];
}

function runProblems(
  side: string,
  { exitCode, stdout }: Report["before"]["run"],
  expected: Project["expected"],
): string[] {
  const wanted = expected.stdout.map((line) => `${line}\n`).join("");
  return [
    ...(exitCode === expected.exitCode
      ? []
      : [`${side}: exit code ${exitCode} in place of ${expected.exitCode}`]),
    ...(stdout.head === wanted
      ? []
      : [`${side}: printed ${JSON.stringify(stdout.head)}`]),
  ];
}
