import type { Transform } from "../../src/engine/types.ts";
import { examplesOf, type Example } from "./examples.ts";

const levels: Readonly<Record<Transform["level"], string>> = {
  safe: "Safe: the build's behaviour stays the same. Runs unless it is skipped.",
  unsafe: "Unsafe: changes behaviour, usually for the better. Runs with `--unsafe`.",
  proposal: "Proposal: needs a person's judgement. Runs with `--propose`.",
};

/** The page of a transform, in Markdown that is still to be formatted. */
export function transformPage({ id, level, summary, why, how }: Transform): string {
  const examples = examplesOf(id);
  const changing = examples.filter(({ diff }) => diff !== undefined);
  const others = examples.filter(({ diff }) => diff === undefined);
  return [
    `<!-- Made by "npm run docs" from transforms/${id}.ts and fixtures/${id}/. -->`,
    `# ${id}`,
    `${summary}.`,
    levels[level],
    "## Why",
    why.trim(),
    "## How",
    how.trim(),
    ...section("Examples", changing),
    ...section("Left alone", others),
    "",
  ].join("\n\n");
}

function section(title: string, examples: readonly Example[]): string[] {
  if (examples.length === 0) return [];
  return [`## ${title}`, ...examples.flatMap(exampleText)];
}

function exampleText({ title, options, before, diff, reasons }: Example): string[] {
  return [
    `### ${title}`,
    ...(options === undefined ? [] : [`With \`${JSON.stringify(options)}\`:`]),
    diff === undefined ? fenced("dockerfile", before) : fenced("diff", diff),
    ...(reasons.length === 0 ? [] : [reasons.map((reason) => `- ${reason}`).join("\n")]),
  ];
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
