import { dirname, resolve } from "node:path";
import { displayPath } from "../files/discover.ts";
import { buildContextOf } from "../files/build-context.ts";
import { layoutLookup } from "../files/layout.ts";
import { readDockerfile } from "../files/read.ts";
import { temporaryFolder } from "../files/temporary.ts";
import type { Config } from "../files/config.ts";
import type { FileProblem } from "../files/problem.ts";
import { workingBuilder } from "../images/builders/find.ts";
import { fix } from "../index.ts";
import { coloursFor } from "../output/colour.ts";
import { problemLine } from "../output/message.ts";
import { printable } from "../output/printable.ts";
import { stdoutSink } from "../output/sink.ts";
import { standardStream } from "../output/standard-stream.ts";
import { statusLine } from "../output/status.ts";
import { verifyJson } from "../output/verify-json.ts";
import { verifyMarkdown } from "../output/verify-markdown.ts";
import { verifyText } from "../output/verify-text.ts";
import { sentences } from "../output/wording.ts";
import { describeFailure } from "../verify/failure.ts";
import type { VerifyReport } from "../verify/report.ts";
import { rewrittenCopy } from "../verify/rewritten-copy.ts";
import { verifyBuilds, type DockerfileToBuild } from "../verify/verify-builds.ts";
import {
  buildOptionsProblem,
  verifyOptions,
  type BuildCommandOptions,
} from "./build-options.ts";
import { chosenConfig } from "./chosen-config.ts";
import { fixOptions, type ChosenTransforms } from "./fix-options.ts";
import { watchSignals } from "./interruption.ts";
import { reportFileFor } from "./report-file.ts";
import { standardError } from "./standard-error.ts";
import { unknownTransform } from "./transform-ids.ts";

export interface VerifyCommandOptions
  extends BuildCommandOptions, Partial<ChosenTransforms> {
  readonly format: "table" | "json" | "markdown";
  /** Where a page with pictures goes. */
  readonly report?: string;
  /** False for --no-config. */
  readonly config?: string | false;
  readonly color: boolean;
}

/** Columns where standard output is no terminal. */
const defaultWidth = 160;

/**
 * Runs `dockerslim verify` and returns its exit code: 0 for images that are the same, 1 for
 * others, 2 where they could not be built or compared.
 *
 * @param afterPath The Dockerfile to compare with; undefined: the first one, rewritten.
 */
export async function verifyCommand(
  beforePath: string,
  afterPath: string | undefined,
  options: VerifyCommandOptions,
): Promise<number> {
  const interruption = watchSignals();
  const stdout = standardStream(1);
  const stderr = standardError(options.color);
  const { colours, say } = stderr;
  const fail = (message: string): number => stderr.fail(sentences(message));
  const wrongUsage = buildOptionsProblem(options) ?? transformsProblem(options);
  if (wrongUsage !== undefined) return fail(wrongUsage);

  const inputs = await readInputs(beforePath, afterPath, options);
  if ("problem" in inputs) {
    say(problemLine(inputs.path, inputs.problem, colours));
    return 2;
  }
  const { before, after, config } = inputs;
  if (after === undefined) {
    say(`dockerslim changes nothing in ${before.name}; there is nothing to verify.\n`);
    return 0;
  }
  const reportFile = await reportFileFor(options.report, [before.path, after.path]);
  if (typeof reportFile === "string") return fail(reportFile);
  const found = await workingBuilder(options.builder, (options.secret ?? []).length > 0);
  if (typeof found === "string") return fail(found);

  const folder = temporaryFolder();
  const interrupted = new AbortController();
  interruption.onSignal(() => {
    interrupted.abort();
  });
  interruption.finishCurrentWork();
  const status = statusLine(say, stderr.isTTY ? process.stderr.columns : undefined);
  try {
    const dockerfiles = {
      before,
      after: {
        ...after,
        path: after.path ?? rewrittenCopy(folder.path, before.path, after.text),
      },
    };
    const verification = await verifyBuilds(
      dockerfiles.before,
      dockerfiles.after,
      await verifyOptions(options, {
        dockerfile: before.path,
        found,
        config,
        folder: folder.path,
        interrupted: interrupted.signal,
        onProgress: (side, text) => {
          status.show(`${side}: ${text}`);
        },
      }),
    );
    status.clear();
    switch (verification.kind) {
      case "interrupted":
        say("Interrupted; what was built has been removed.\n");
        return interruption.exitCode() ?? 2;
      case "compared": {
        const sink = stdoutSink(stdout);
        await sink.write(reportText(verification.report, options, stdout));
        const { report, unmatched } = verification;
        const failure =
          sink.failure() ??
          (await reportFile?.write(async () => {
            const { verifyPage } = await import("../report/verify-page.ts");
            const texts = { before: before.text, after: after.text };
            return verifyPage({ report, texts, unmatched });
          }));
        if (failure !== undefined) return fail(failure);
        return report.isSame ? 0 : 1;
      }
      case "failed":
      case "build-failed": {
        const { name, line, message, hint } = describeFailure(verification, dockerfiles);
        const place = line === undefined ? name : `${name}:${line}`;
        say(
          `${colours.bold(printable(place))}: ${colours.red("error")}: ${sentences(printable(message), hint)}\n`,
        );
        return 2;
      }
    }
  } finally {
    status.clear();
    folder.remove();
  }
}

interface Inputs {
  readonly before: DockerfileToBuild;
  /**
   * Without a path: the rewritten text, which is in no file yet. Undefined where rewriting
   * changes nothing.
   */
  readonly after:
    (Omit<DockerfileToBuild, "path"> & { readonly path: string | undefined }) | undefined;
  readonly config: Config;
}

async function readInputs(
  beforePath: string,
  afterPath: string | undefined,
  options: VerifyCommandOptions,
): Promise<Inputs | { readonly path: string; readonly problem: FileProblem }> {
  const cwd = process.cwd();
  const before = readInput(beforePath, cwd);
  if ("problem" in before) return before;
  const configFor = await chosenConfig(options.config, cwd);
  const config =
    "problem" in configFor ? configFor : await configFor(dirname(before.path));
  if ("problem" in config) {
    return { path: displayPath(config.configPath, cwd), problem: config.problem };
  }
  if (afterPath !== undefined) {
    const after = readInput(afterPath, cwd);
    return "problem" in after ? after : { before, after, config };
  }
  const { layout } = await layoutLookup()(before.path);
  const { unsafe, propose, only, skip, cleanup } = options;
  const { output, problems } = fix(before.text, {
    ...fixOptions({ unsafe, propose, only, skip, cleanup }, config, layout),
    findBuildContext: buildContextOf(before.path),
  });
  const [problem] = problems;
  if (problem !== undefined) return { path: before.name, problem };
  const name = `${before.name}, rewritten`;
  const after =
    output === before.text ? undefined : { name, path: undefined, text: output };
  return { before, after, config };
}

function readInput(
  path: string,
  cwd: string,
): DockerfileToBuild | { readonly path: string; readonly problem: FileProblem } {
  const absolute = resolve(cwd, path);
  const name = displayPath(absolute, cwd);
  const content = readDockerfile(absolute);
  return "bytes" in content
    ? { name, path: absolute, text: content.text }
    : { path: name, problem: content };
}

function transformsProblem({ only, skip }: VerifyCommandOptions): string | undefined {
  for (const [option, ids] of Object.entries({ "--only": only, "--skip": skip })) {
    const unknown = ids?.map(unknownTransform).find((message) => message !== undefined);
    if (unknown !== undefined) return `${option}: ${unknown}`;
  }
  return undefined;
}

function reportText(
  report: VerifyReport,
  { format, color }: VerifyCommandOptions,
  stdout: { readonly isTTY: boolean },
): string {
  switch (format) {
    case "json":
      return verifyJson(report);
    case "markdown":
      return verifyMarkdown(report);
    case "table": {
      const width = stdout.isTTY ? process.stdout.columns : defaultWidth;
      return verifyText(report, { width, colours: coloursFor(stdout, color) });
    }
  }
}
