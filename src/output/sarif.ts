import type { FileProblem } from "../files/problem.ts";
import type { Location, ReportedChange } from "../engine/result.ts";
import type { Transform } from "../engine/types.ts";
import type { Reporter } from "./reporter.ts";
import { sentences } from "./wording.ts";

/**
 * SARIF 2.1.0: a rule per transform, a result per change, a notification per problem.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReporter(
  transforms: readonly Transform[],
  version: string,
): Reporter {
  const ruleIndexes = new Map(transforms.map(({ id }, index) => [id, index]));
  const driver = {
    name: "dockerslim",
    semanticVersion: version,
    rules: transforms.map(ruleOf),
  };
  const notifications: object[] = [];
  let first = true;
  return {
    start: () =>
      '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{' +
      `"tool":${JSON.stringify({ driver })},"columnKind":"utf16CodeUnits","results":[`,
    file({ path, changes, proposals, problems }) {
      notifications.push(...problems.map((problem) => notificationOf(path, problem)));
      return [...changes, ...proposals]
        .map((change) => {
          const separator = first ? "\n" : ",\n";
          first = false;
          const result = resultOf(path, change, ruleIndexes.get(change.transform));
          return separator + JSON.stringify(result);
        })
        .join("");
    },
    end() {
      const invocation = {
        executionSuccessful: notifications.length === 0,
        toolExecutionNotifications: notifications,
      };
      return `${first ? "" : "\n"}],"invocations":[${JSON.stringify(invocation)}]}]}\n`;
    },
  };
}

function ruleOf({ id, level, summary, why, how }: Transform) {
  const help = `${why.trim()}\n\n${how.trim()}`;
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: why.trim() },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: level === "safe" ? "warning" : "note" },
    properties: { level },
  };
}

function resultOf(path: string, change: ReportedChange, ruleIndex: number | undefined) {
  return {
    ruleId: change.transform,
    ruleIndex,
    level: change.level === "safe" ? "warning" : "note",
    message: { text: change.message },
    locations: [{ physicalLocation: physicalLocation(path, change) }],
  };
}

function notificationOf(path: string, problem: FileProblem) {
  return {
    level: "error",
    message: { text: sentences(problem.message, problem.hint) },
    locations: [{ physicalLocation: physicalLocation(problem.file ?? path, problem) }],
    descriptor: { id: problem.kind },
  };
}

function physicalLocation(path: string, location: Partial<Location>) {
  const { line, column, endLine, endColumn } = location;
  return {
    artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
    region:
      line === undefined
        ? undefined
        : { startLine: line, startColumn: column, endLine, endColumn },
  };
}
