import { dirname, resolve } from "node:path";
import type { Config, ConfigLookup } from "../files/config.ts";
import { displayPath, type Target } from "../files/discover.ts";
import type { CommitCheck } from "../files/git.ts";
import type { LayoutLookup } from "../files/layout.ts";
import { crash, systemReason, type FileProblem } from "../files/problem.ts";
import { decode, readDockerfile, type Content } from "../files/read.ts";
import { bareReport, type FileReport } from "../output/file-report.ts";
import { fixOptions, type ChosenTransforms } from "./fix-options.ts";
import type { Started } from "./in-order.ts";
import type { TextFixers } from "./text-fixers.ts";

/** Asks for a Dockerfile's rewritten text whether it builds the same image. */
export type Confirm = (rewrite: {
  /** For people. */
  readonly name: string;
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly config: Config;
}) => Promise<FileProblem | undefined>;

/** What `fix` was asked to do, as far as it concerns a single file. */
export interface TargetContext extends ChosenTransforms {
  readonly cwd: string;
  readonly write: boolean;
  readonly withDiff: boolean;
  readonly withNotes: boolean;
  readonly withProposals: boolean;
  readonly configFor: ConfigLookup;
  readonly layoutFor: LayoutLookup;
  readonly commitCheck: CommitCheck;
  /** Builds both texts, and says why the new one may not be written. */
  readonly confirm: Confirm | undefined;
  readonly fixText: TextFixers["fixText"];
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

type Readable = Extract<Target, { kind: "file" | "stdin" }>;

/**
 * Reads, rewrites and, if asked, writes one file. Never rejects: what goes wrong is
 * reported. The file is read at once; its size in bytes is the weight.
 */
export function fixTarget(target: Target, context: TargetContext): Started<TargetResult> {
  if (target.kind === "problem") {
    return finished(bareReport(target.path, "error", target.problem));
  }
  if (target.kind === "ignored" || context.interrupted()) {
    return finished(bareReport(target.path, "skipped"));
  }
  const content =
    target.kind === "stdin"
      ? stdinContent(context)
      : readDockerfile(resolve(context.cwd, target.path));
  return {
    result: withoutCrash(target, content, context),
    weight: "bytes" in content ? content.bytes.length : 0,
  };
}

function finished(report: FileReport): Started<TargetResult> {
  return { result: Promise.resolve({ report }), weight: 0 };
}

type Reading = Content | FileProblem | Promise<Content | FileProblem>;

async function withoutCrash(
  target: Readable,
  reading: Reading,
  context: TargetContext,
): Promise<TargetResult> {
  try {
    const content = await reading;
    if ("kind" in content) return { report: bareReport(target.path, "error", content) };
    return await fixContent(target, content, context);
  } catch (error) {
    return { report: bareReport(target.path, "error", crash(error)) };
  }
}

async function fixContent(
  target: Readable,
  content: Content,
  context: TargetContext,
): Promise<TargetResult> {
  const { cwd } = context;
  const isStdin = target.kind === "stdin";
  const location = isStdin ? context.stdinPath : resolve(cwd, target.path);
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
  const fixed = await context.fixText({
    text: content.text,
    options: fixOptions(context, config, layout),
    diffPath: context.withDiff ? diffPath(target, cwd) : undefined,
    dockerfile: isStdin ? undefined : target.realPath,
    withNotes: context.withNotes,
    withProposals: context.withProposals,
  });
  if (fixed === undefined) return { report: bareReport(target.path, "skipped") };
  if ("kind" in fixed) return { report: bareReport(target.path, "error", fixed) };
  const { output, ...rest } = fixed;
  const invalid = fixed.problems.some(({ kind }) => kind === "invalid-input");
  const report: FileReport = {
    ...rest,
    path: target.path,
    status: statusOf(invalid, output !== undefined),
    warnings: warning === undefined ? [] : [warning],
  };
  if (!context.write || invalid) return { report };
  if (isStdin) {
    return {
      report: output === undefined ? report : { ...report, status: "written" },
      text: output ?? content.text,
    };
  }
  if (output === undefined) return { report };
  return {
    report: await written(report, { target, content, output, config }, context),
  };
}

function statusOf(invalid: boolean, changed: boolean) {
  if (invalid) return "error";
  return changed ? "changed" : "unchanged";
}

interface Rewritten {
  readonly target: Target & { readonly kind: "file" };
  readonly content: Content;
  readonly output: string;
  readonly config: Config;
}

async function written(
  report: FileReport,
  { target, content, output, config }: Rewritten,
  context: TargetContext,
): Promise<FileReport> {
  const { realPath, path } = target;
  let problem = await context.commitCheck(realPath);
  // Asked again: the signal may have come while the file was read or git was asked.
  if (problem === undefined && context.interrupted()) return report;
  problem ??= await context.confirm?.({
    name: path,
    path: realPath,
    before: content.text,
    after: output,
    config,
  });
  if (context.confirm !== undefined && context.interrupted()) return report;
  const { replaceFile } = await import("../files/write.ts");
  problem ??= await replaceFile(realPath, content.bytes, output);
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

/** A patch can't go through a symbolic link, so it names the file behind it. */
function diffPath(target: Readable, cwd: string): string {
  return target.kind === "file" ? displayPath(target.realPath, cwd) : target.path;
}
