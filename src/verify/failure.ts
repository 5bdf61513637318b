import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failedInstruction } from "../images/builders/failed-instruction.ts";
import type { DockerfileToBuild, Verification } from "./verify-builds.ts";

/** Why two images could not be compared; for people. */
export interface VerifyFailure {
  /** The Dockerfile, or its rewritten form. */
  readonly name: string;
  /** 1-based line of it. */
  readonly line: number | undefined;
  readonly message: string;
  readonly hint: string;
}

/**
 * Puts a failure into words. The log of a build that failed, and the Dockerfile as it was
 * built, are kept in a folder of their own.
 */
export function describeFailure(
  verification: Verification & { readonly kind: "build-failed" | "failed" },
  dockerfiles: Readonly<Record<"before" | "after", DockerfileToBuild>>,
): VerifyFailure {
  const { side } = verification;
  const { name, text } = dockerfiles[side];
  if (verification.kind === "failed") {
    return { name, line: undefined, ...verification.problem };
  }
  const { result, logFile, timedOut } = verification;
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-log-"));
  const log = join(folder, `${side}.log`);
  copyFileSync(logFile, log);
  writeFileSync(join(folder, `${side}.Dockerfile`), text);
  const instruction = failedInstruction(text, result.step);
  const where = instruction === undefined ? "" : ` at ${instruction.text}`;
  const message = timedOut
    ? `the build was ended at the time limit${where}`
    : `the build failed${where}: ${result.message.replace(/^error: /i, "")}`;
  return {
    name,
    line: instruction?.line,
    message,
    hint: `The whole log is in ${log}, with the Dockerfile beside it`,
  };
}
