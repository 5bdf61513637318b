import { relative, resolve } from "node:path";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { createLocator } from "../dockerfile/position.ts";
import { buildContextOf } from "../files/build-context.ts";
import type { FileProblem } from "../files/problem.ts";
import { readDockerfile } from "../files/read.ts";
import { coloursFor } from "../output/colour.ts";
import { problemLine } from "../output/message.ts";
import { standardStream } from "../output/standard-stream.ts";
import { defaultSettings } from "../engine/default-settings.ts";
import { analysisOf } from "../split/analysis.ts";
import { isSilence } from "../split/plan.ts";
import { proposeSplit, thresholdOf, type Proposal } from "../split/propose.ts";

/**
 * Runs `dockerslim explain split-stages <Dockerfile>` and returns its exit code.
 *
 * @param path relative to the current folder
 */
export async function explainSplit(path: string, color: boolean): Promise<number> {
  const explained = analysisText(path, process.cwd());
  const isText = typeof explained === "string";
  const stream = standardStream(isText ? 1 : 2);
  await stream.write(
    isText ? explained : problemLine(path, explained, coloursFor(stream, color)),
  );
  return isText ? 0 : 2;
}

/**
 * Each conclusion with the place that
 * it is drawn from, and what was missing where nothing is proposed.
 */
function analysisText(path: string, cwd: string): string | FileProblem {
  const absolute = resolve(cwd, path);
  const content = readDockerfile(absolute);
  if ("kind" in content) return content;
  const dockerfile = parseDockerfile(content.text);
  const locate = createLocator(content.text);
  const [problem] = dockerfile.problems;
  if (problem)
    return {
      kind: "invalid-input",
      message: problem.message,
      hint: problem.hint,
      ...locate(problem.range.start),
    };
  const stage = dockerfile.stages.at(-1);
  const proposal =
    stage &&
    proposeSplit(
      stage,
      dockerfile,
      buildContextOf(absolute),
      thresholdOf(defaultSettings["split-stages"]),
    );
  const shown = relative(cwd, absolute) || path;
  if (!proposal)
    return `${shown}: the last stage builds nothing that split-stages knows.\n`;
  const lines = analysisOf(proposal).map(({ topic, text, evidence }) => {
    const place =
      "file" in evidence
        ? `${evidence.file}:${evidence.line}`
        : `${shown}:${locate(evidence.start).line}`;
    return [topic, text, place] as const;
  });
  const width = Math.max(...lines.map(([, , place]) => place.length));
  const assumptions = isSilence(proposal.result) ? [] : proposal.result.assumptions;
  return [
    `${shown}: ${headline(proposal)}`,
    "",
    ...lines.map(
      ([topic, text, place]) => `${place.padEnd(width)}  ${topic.padEnd(9)}  ${text}`,
    ),
    ...assumptions.flatMap((text) => ["", text]),
    "",
  ].join("\n");
}

function headline({ result }: Proposal): string {
  if (isSilence(result)) return "no split is proposed.";
  const { ecosystem, runtime } = result;
  return `the ${ecosystem} program can be built in a stage of its own and shipped on ${runtime.image}.`;
}
