import { existsSync } from "node:fs";
import { join } from "node:path";
import { readDockerfile } from "../files/read.ts";
import { temporaryFolder } from "../files/temporary.ts";
import { exportImage } from "../images/builders/export-image.ts";
import { findBuilders } from "../images/builders/find.ts";
import { historyReport } from "../images/history/report.ts";
import type { ImageProblem } from "../images/problem.ts";
import { readImage } from "../images/read-image.ts";
import { buildTree } from "../images/tree/file-tree.ts";
import type { Image } from "../images/types.ts";
import { coloursFor } from "../output/colour.ts";
import { historyJson } from "../output/history-json.ts";
import { historyMarkdown } from "../output/history-markdown.ts";
import { historyText } from "../output/history-text.ts";
import { printable } from "../output/printable.ts";
import { stdoutSink } from "../output/sink.ts";
import { standardStream } from "../output/standard-stream.ts";
import { sentences } from "../output/wording.ts";
import { watchSignals } from "./interruption.ts";
import { reportFileFor } from "./report-file.ts";

export interface HistoryCommandOptions {
  readonly dockerfile?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly builder?: string;
  readonly format: "table" | "json" | "markdown";
  /** Where a page with pictures goes. */
  readonly report?: string;
  readonly color: boolean;
}

/** Columns where standard output is no terminal. */
const defaultWidth = 160;

/** Runs `dockerslim history` and returns its exit code: 0, or 2 for bad input. */
export async function historyCommand(
  source: string,
  options: HistoryCommandOptions,
): Promise<number> {
  // Ctrl-C ends the process at once; temporary files and other programs go with it.
  watchSignals();
  const stdout = standardStream(1);
  const stderr = standardStream(2);
  const fail = async (place: string, { message, hint }: ImageProblem) => {
    const colours = coloursFor(stderr, options.color);
    const text = sentences(printable(message), hint);
    await stderr.write(
      `${colours.bold(printable(place))}: ${colours.red("error")}: ${text}\n`,
    );
    return 2;
  };

  const dockerfile =
    options.dockerfile === undefined ? undefined : readDockerfile(options.dockerfile);
  if (dockerfile !== undefined && "message" in dockerfile) {
    return fail(options.dockerfile ?? "", dockerfile);
  }
  const reportFile = await reportFileFor(options.report, [source, options.dockerfile]);
  if (typeof reportFile === "string") {
    return fail(source, { message: reportFile, hint: "" });
  }
  const image = await imageFrom(source, options);
  if ("message" in image) return fail(source, image);
  const tree = buildTree(image.layers);
  if ("message" in tree) return fail(source, tree);

  const report = historyReport(
    image,
    tree,
    dockerfile && { text: dockerfile.text, target: options.target },
  );
  const sink = stdoutSink(stdout);
  switch (options.format) {
    case "json":
      await sink.write(historyJson(report));
      break;
    case "markdown":
      await sink.write(historyMarkdown(report));
      break;
    case "table": {
      const width = stdout.isTTY ? process.stdout.columns : defaultWidth;
      const colours = coloursFor(stdout, options.color);
      await sink.write(historyText(report, { width, colours }));
    }
  }
  const failure =
    sink.failure() ??
    (await reportFile?.write(async () => {
      const { historyPage } = await import("../report/history-page.ts");
      return historyPage(report);
    }));
  return failure === undefined ? 0 : fail(source, { message: failure, hint: "" });
}

/** From standard input, a file, a folder, or whoever builds images on this machine. */
async function imageFrom(
  source: string,
  { platform, builder }: HistoryCommandOptions,
): Promise<Image | ImageProblem> {
  if (source === "-") return readImage(process.stdin, { platform });
  if (existsSync(source)) return readImage(source, { platform });
  const found = findBuilders(builder);
  if (typeof found === "string") return { message: found, hint: "" };
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, "image.tar");
    const problem = await exportImage(source, file, found);
    if (problem !== undefined) return problem;
    const image = await readImage(file, { platform });
    // buildah's archives don't tell the name.
    return "message" in image || image.names.length > 0
      ? image
      : { ...image, names: [source] };
  } finally {
    folder.remove();
  }
}
