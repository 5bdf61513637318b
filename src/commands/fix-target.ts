import { dirname, resolve } from "node:path";
import { fix, type FixOptions } from "../index.ts";
import type { Config, ConfigLookup } from "../files/config.ts";
import { displayPath, type Target } from "../files/discover.ts";
import type { CommitCheck } from "../files/git.ts";
import type { LayoutLookup } from "../files/layout.ts";
import { systemReason, type FileProblem } from "../files/problem.ts";
import { decode, readDockerfile, type Content } from "../files/read.ts";
import { bareReport, type FileReport } from "../output/file-report.ts";
import type { LayoutPreference } from "../rewrite/types.ts";

/** What `fix` was asked to do, as far as it concerns a single file. */
export interface TargetContext {
  readonly cwd: string;
  readonly write: boolean;
  /** Options of the command line; undefined ones are taken from the config. */
  readonly unsafe: boolean | undefined;
  readonly propose: boolean | undefined;
  readonly only: readonly string[] | undefined;
  readonly skip: readonly string[] | undefined;
  readonly withDiff: boolean;
  readonly configFor: ConfigLookup;
  readonly layoutFor: LayoutLookup;
  readonly commitCheck: CommitCheck;
  /** Where standard input's text is taken to come from, absolute; may not exist. */
  readonly stdinPath: string;
  readonly readStdin: () => Promise<Buffer>;
  /** The run was interrupted: files that were not begun are left alone. */
  readonly interrupted: () => boolean;
}

export interface TargetResult {
  readonly report: FileReport;
  /** With --write, the fixed text of standard input. */
  readonly text?: string;
}

/** Reads, rewrites and, if asked, writes one file. Never rejects: what goes wrong is reported. */
export async function fixTarget(
  target: Target,
  context: TargetContext,
): Promise<TargetResult> {
  if (target.kind === "problem") {
    return { report: bareReport(target.path, "error", target.problem) };
  }
  if (target.kind === "ignored" || context.interrupted()) {
    return { report: bareReport(target.path, "skipped") };
  }
  try {
    return await fixReadable(target, context);
  } catch (error) {
    const problem: FileProblem = {
      kind: "internal-error",
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      hint: "The file was left as it is. Please report this",
    };
    return { report: bareReport(target.path, "error", problem) };
  }
}

async function fixReadable(
  target: Extract<Target, { kind: "file" | "stdin" }>,
  context: TargetContext,
): Promise<TargetResult> {
  const { cwd } = context;
  const isStdin = target.kind === "stdin";
  const location = isStdin ? context.stdinPath : resolve(cwd, target.path);
  const content = isStdin ? await stdinContent(context) : readDockerfile(location);
  if ("kind" in content) return { report: bareReport(target.path, "error", content) };

  const config = await context.configFor(dirname(location));
  if ("problem" in config) {
    const file = displayPath(config.configPath, cwd);
    return {
      report: bareReport(target.path, "error", { ...config.problem, file }),
    };
  }
  if (config.isIgnored(location)) {
    return {
      report: bareReport(target.path, "skipped"),
      ...(isStdin && context.write ? { text: content.text } : {}),
    };
  }
  const { layout, warning } = await context.layoutFor(location);
  const result = fix(content.text, fixOptions(context, config, layout));
  const invalid = result.problems.some(({ kind }) => kind === "invalid-input");
  const changed = !invalid && result.output !== content.text;
  const report: FileReport = {
    path: target.path,
    status: statusOf(invalid, changed),
    changes: result.changes,
    proposals: result.proposals,
    problems: result.problems,
    notes: result.notes,
    warnings: warning === undefined ? [] : [warning],
    runCount: result.runCount,
    ...(changed && context.withDiff
      ? { diff: await diffOf(target, context, content, result.output) }
      : {}),
  };
  if (!context.write || invalid) return { report };
  if (isStdin) {
    return {
      report: changed ? { ...report, status: "written" } : report,
      text: result.output,
    };
  }
  if (!changed) return { report };
  return {
    report: await written(report, target.realPath, content, result.output, context),
  };
}

function statusOf(invalid: boolean, changed: boolean) {
  if (invalid) return "error";
  return changed ? "changed" : "unchanged";
}

async function written(
  report: FileReport,
  realPath: string,
  content: Content,
  output: string,
  context: TargetContext,
): Promise<FileReport> {
  const uncommitted = await context.commitCheck(realPath);
  // Asked again: the signal may have come while the file was read or git was asked.
  if (uncommitted === undefined && context.interrupted()) return report;
  const { replaceFile } = await import("../files/write.ts");
  const problem = uncommitted ?? (await replaceFile(realPath, content.bytes, output));
  return problem === undefined
    ? { ...report, status: "written" }
    : { ...report, status: "error", problems: [...report.problems, problem] };
}

async function stdinContent(context: TargetContext): Promise<Content | FileProblem> {
  try {
    return decode(await context.readStdin());
  } catch (error) {
    return {
      kind: "unreadable",
      message: `standard input can't be read: ${systemReason(error)}`,
      hint: "",
    };
  }
}

async function diffOf(
  target: Extract<Target, { kind: "file" | "stdin" }>,
  context: TargetContext,
  content: Content,
  output: string,
): Promise<string> {
  const { unifiedDiff } = await import("../output/diff.ts");
  // A patch can't go through a symbolic link, so it names the file behind it.
  const path =
    target.kind === "file" ? displayPath(target.realPath, context.cwd) : target.path;
  return unifiedDiff(path, content.text, output);
}

/** The command line wins over the config, and both over prettier and .editorconfig. */
function fixOptions(
  context: TargetContext,
  { settings }: Config,
  applyingLayout: Partial<LayoutPreference>,
): FixOptions {
  const { only = settings.only } = context;
  // A transform that the command line names is not skipped because the config says so.
  const skip =
    context.skip ?? settings.skip?.filter((id) => !(context.only?.includes(id) ?? false));
  const { indent, operator } = settings.layout ?? {};
  const strategy = settings.transforms?.["merge-runs"]?.strategy;
  return {
    unsafe: context.unsafe ?? settings.unsafe ?? false,
    propose: context.propose ?? settings.propose ?? false,
    ...(only === undefined ? {} : { only }),
    ...(skip === undefined ? {} : { skip }),
    ...(strategy === undefined ? {} : { settings: { "merge-runs": { strategy } } }),
    layout: {
      ...applyingLayout,
      ...(indent === undefined
        ? {}
        : { indent: indent === "tab" ? "\t" : " ".repeat(indent) }),
      ...(operator === undefined ? {} : { operator }),
    },
  };
}
