import { resolve } from "node:path";
import { displayPath, findTargets, type Target } from "../files/discover.ts";
import type { CommitCheck } from "../files/git.ts";
import { layoutLookup } from "../files/layout.ts";
import { coloursFor, type Colours } from "../output/colour.ts";
import { colouredDiff } from "../output/diff.ts";
import type { FileReport } from "../output/file-report.ts";
import { jsonReporter } from "../output/json.ts";
import { noteLine, problemLine, warningLine, withheldLine } from "../output/message.ts";
import { progressLine } from "../output/progress.ts";
import type { Format, Reporter } from "../output/reporter.ts";
import { sarifReporter } from "../output/sarif.ts";
import { fileSink, stdoutSink, type Sink } from "../output/sink.ts";
import { standardStream, type StandardStream } from "../output/standard-stream.ts";
import {
  emptySummary,
  fileLine,
  summaryText,
  withReport,
  type Summary,
} from "../output/summary.ts";
import { transforms } from "../../transforms/index.ts";
import { version } from "../version.ts";
import type { BuildCommandOptions } from "./build-options.ts";
import { chosenConfig } from "./chosen-config.ts";
import { fixTarget, type TargetContext } from "./fix-target.ts";
import { inOrder } from "./in-order.ts";
import { watchSignals, type Interruption } from "./interruption.ts";
import { standardError } from "./standard-error.ts";
import { startTextFixers } from "./text-fixers.ts";
import { unknownTransform } from "./transform-ids.ts";

export interface FixCommandOptions extends BuildCommandOptions {
  readonly verify?: boolean;
  readonly write?: boolean;
  readonly check?: boolean;
  readonly unsafe?: boolean;
  readonly propose?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly cleanup?: TargetContext["cleanup"];
  readonly format?: Format;
  readonly outputFile?: string;
  /** False for --no-config. */
  readonly config?: string | false;
  readonly ignore?: readonly string[];
  readonly stdinFilename?: string;
  readonly allowDirty?: boolean;
  readonly exitZero?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/**
 * What is handled at once: enough files that threads always find work and that some are
 * rewritten while the disk flushes others, and not so many bytes that they fill the memory.
 */
const limits = { count: 128, weight: 4 * 1024 * 1024 };

/** Runs `dockerslim fix` and returns its exit code. */
export async function fixCommand(
  paths: readonly string[],
  options: FixCommandOptions,
): Promise<number> {
  const interruption = watchSignals();
  const stdout = standardStream(1);
  const { isTTY, colours, say, fail } = standardError(options.color);

  const wrongUsage = usageProblem(paths, options);
  if (wrongUsage !== undefined) return fail(wrongUsage);

  const cwd = process.cwd();
  const configFor = await chosenConfig(options.config, cwd);
  if ("problem" in configFor) {
    say(problemLine(displayPath(configFor.configPath, cwd), configFor.problem, colours));
    return 2;
  }
  const targets = await findTargets(paths, {
    cwd,
    ignore: options.ignore ?? [],
    stdinPath:
      options.stdinFilename === undefined
        ? "<stdin>"
        : displayPath(resolve(cwd, options.stdinFilename), cwd),
  });
  if (targets.length === 0) {
    return fail(
      "no Dockerfile found. Name the file, or check what .gitignore and --ignore leave out.",
    );
  }

  const confirmation = await confirmationFor(options);
  if (typeof confirmation === "string") return fail(confirmation);

  const writing = options.write ?? false;
  const reports =
    !(writing || options.check) ||
    options.format !== undefined ||
    options.outputFile !== undefined;
  const output = stdoutSink(stdout);
  const sink =
    options.outputFile === undefined ? output : await fileSink(options.outputFile);
  if (typeof sink === "string") return fail(sink);
  const format = options.format ?? "diff";
  const reporter = reports ? reporterFor(format, options, stdout) : undefined;

  const fixers = startTextFixers();
  const aborted = new AbortController();
  interruption.onSignal(() => {
    fixers.close();
    aborted.abort();
  });
  const confirm = confirmation?.({ say, interrupted: aborted.signal });
  const summary = await fixAll(targets, {
    context: {
      cwd,
      write: writing,
      unsafe: options.unsafe,
      propose: options.propose,
      only: options.only,
      skip: options.skip,
      cleanup: options.cleanup,
      withNotes: options.verbose ?? false,
      // A diff has none of them, and --quiet is against the summary, which counts them.
      withProposals: !options.quiet || (reporter !== undefined && format !== "diff"),
      withDiff: reporter !== undefined && (format === "diff" || format === "json"),
      configFor,
      layoutFor: layoutLookup(),
      commitCheck: await commitCheckFor(targets, options),
      confirm,
      fixText: fixers.fixText,
      stdinPath: resolve(cwd, options.stdinFilename ?? "Dockerfile"),
      readStdin: () => readStdin(interruption),
      interrupted: () => interruption.exitCode() !== undefined,
    },
    output,
    sink,
    reporter,
    options,
    colours,
    say,
    isTTY,
    interruption,
  });

  fixers.close();
  await sink.close();
  const failure = sink.failure() ?? output.failure();
  if (failure !== undefined) say(`${colours.red("error")}: ${failure}\n`);
  const stopped = interruption.exitCode();
  if (stopped !== undefined) say("Interrupted; no file was left half-written.\n");
  if (!options.quiet && format !== "summary" && !sink.closedByReader()) {
    say(summaryText(summary, { writing, colours }));
  }
  return stopped ?? (failure === undefined ? exitCodeOf(summary, options) : 2);
}

interface Run {
  readonly context: TargetContext;
  /** Takes the fixed text of standard input. */
  readonly output: Sink;
  /** Takes the report; may be the same. */
  readonly sink: Sink;
  readonly reporter: Reporter | undefined;
  readonly options: FixCommandOptions;
  readonly colours: Colours;
  readonly say: (text: string) => void;
  /** Standard error is a terminal. */
  readonly isTTY: boolean;
  readonly interruption: Interruption;
}

async function fixAll(targets: readonly Target[], run: Run): Promise<Summary> {
  const { context, sink, reporter, interruption } = run;
  const progress = progressLine(run.say, {
    isTTY: run.isTTY,
    total: targets.length,
    noun: "files",
  });
  const said = new Set<string>();
  let summary = emptySummary;
  await sink.write(reporter?.start() ?? "");
  interruption.finishCurrentWork();
  for await (const { report, text } of inOrder(targets, limits, (target) =>
    fixTarget(target, context),
  )) {
    summary = withReport(summary, report);
    const messages = messagesOf(report, run, said);
    const piece = reporter?.file(report) ?? "";
    if (messages !== "" || piece !== "") progress.clear();
    if (messages !== "") run.say(messages);
    await sink.write(piece);
    await run.output.write(text ?? "");
    progress.update(summary.files);
    // Nobody reads the report any more, and there is nothing else to do.
    if (sink.closedByReader() && !context.write) break;
    // Signals are handled between turns of the event loop only.
    await new Promise(setImmediate);
  }
  progress.clear();
  await sink.write(reporter?.end(summary) ?? "");
  return summary;
}

/** Errors, warnings and, if asked for, the reasons for what was left alone. */
function messagesOf(report: FileReport, run: Run, said: Set<string>): string {
  const { options, colours, reporter } = run;
  const { path, status, problems, warnings, notes, proposals } = report;
  const once = (line: string) => {
    if (said.has(line)) return "";
    said.add(line);
    return line;
  };
  const namesFiles = reporter === undefined && !options.quiet;
  return [
    ...problems.map((problem) => {
      const line = problemLine(path, problem, colours);
      // A broken config is one error, however many files it governs.
      return problem.kind === "invalid-config" ? once(line) : line;
    }),
    ...warnings.map((warning) => once(warningLine(path, warning, colours))),
    ...(options.verbose ? notes.map((note) => noteLine(path, note, colours)) : []),
    ...(options.verbose
      ? proposals.map((proposal) => withheldLine(path, proposal, colours))
      : []),
    namesFiles && (status === "changed" || status === "written")
      ? fileLine(report, colours)
      : "",
  ].join("");
}

const buildOptionNames = [
  "builder",
  "context",
  "buildArg",
  "secret",
  "target",
  "platform",
  "builderArg",
  "keepCache",
  "timeout",
  "run",
  "runEntrypoint",
  "runTimeout",
  "keep",
] as const satisfies readonly (keyof BuildCommandOptions)[];

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function usageProblem(
  paths: readonly string[],
  options: FixCommandOptions,
): string | undefined {
  const { write, check, format, outputFile, only, skip, verify } = options;
  if (verify && !write) {
    return "--verify needs --write; `dockerslim verify` compares without writing.";
  }
  if (verify && paths.includes("-")) {
    return "--verify builds from files, so it can't be used with -.";
  }
  const build = buildOptionNames.find((name) => options[name] !== undefined);
  if (!verify && build !== undefined) return `--${kebab(build)} needs --verify.`;
  if (write && check) return "--write and --check can't be used together.";
  if (write && paths.includes("-") && format !== undefined && outputFile === undefined) {
    return "with --write, - prints the fixed file on standard output, so --format needs --output-file.";
  }
  for (const [option, ids] of Object.entries({ "--only": only, "--skip": skip })) {
    if (ids?.length === 0) return `${option} needs at least one transform.`;
    const unknown = ids?.map(unknownTransform).find((message) => message !== undefined);
    if (unknown !== undefined) return `${option}: ${unknown}`;
  }
  return undefined;
}

async function commitCheckFor(
  targets: readonly Target[],
  { write, allowDirty }: FixCommandOptions,
): Promise<CommitCheck> {
  if (!write || allowDirty) return () => Promise.resolve(undefined);
  const { commitCheck } = await import("../files/git.ts");
  return commitCheck(
    targets.flatMap((target) => (target.kind === "file" ? [target.realPath] : [])),
  );
}

/** A string says why nothing can be built. */
async function confirmationFor(options: FixCommandOptions) {
  if (!options.verify) return undefined;
  const { rewriteConfirmation } = await import("./confirm-rewrite.ts");
  return rewriteConfirmation(options);
}

function reporterFor(
  format: Format,
  options: FixCommandOptions,
  stdout: StandardStream,
): Reporter {
  const toFile = options.outputFile !== undefined;
  const colours = coloursFor(stdout, options.color && !toFile);
  switch (format) {
    case "json":
      return jsonReporter();
    case "sarif":
      return sarifReporter(transforms, version);
    case "summary": {
      const isChange = ({ status }: FileReport) =>
        status === "changed" || status === "written";
      return {
        start: () => "",
        file: (report) => (isChange(report) ? fileLine(report, colours) : ""),
        end: (summary) =>
          summaryText(summary, { writing: options.write ?? false, colours }),
      };
    }
    case "diff": {
      if (!colours.isColorSupported) {
        return { start: () => "", file: ({ diff }) => diff ?? "", end: () => "" };
      }
      return {
        start: () => "",
        file: ({ diff }) => (diff === undefined ? "" : colouredDiff(diff, colours)),
        end: () => "",
      };
    }
  }
}

function exitCodeOf(summary: Summary, options: FixCommandOptions): number {
  if (summary.problems > 0) return 2;
  return summary.byStatus.changed > 0 && !options.exitZero ? 1 : 0;
}

async function readStdin(interruption: Interruption): Promise<Buffer> {
  // The text may be typed in; Ctrl-C must not wait for its end.
  interruption.endAtOnce();
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  interruption.finishCurrentWork();
  return Buffer.concat(chunks);
}
