import { transforms } from "../../transforms/index.ts";

/** Text for `dockerslim explain <id>`, in Markdown; undefined for an unknown transform. */
export function explainText(id: string): string | undefined {
  const transform = transforms.find((candidate) => candidate.id === id);
  if (transform === undefined) return undefined;
  const { level, summary, why, how } = transform;
  return [
    `# ${id} (${level})`,
    summary,
    "## Why",
    why.trim(),
    "## How",
    `${how.trim()}\n`,
  ].join("\n\n");
}
