import { transforms } from "../../transforms/index.ts";

/** Text for `dockerslim list`: a line per transform, in the order in which they run. */
export function listText(format: "text" | "json"): string {
  if (format === "json") {
    const entries = transforms.map(({ id, level, summary }) => ({ id, level, summary }));
    return `${JSON.stringify({ version: 1, transforms: entries }, undefined, 2)}\n`;
  }
  const idWidth = Math.max(0, ...transforms.map(({ id }) => id.length));
  const levelWidth = "proposal".length;
  return transforms
    .map(
      ({ id, level, summary }) =>
        `${id.padEnd(idWidth)}  ${level.padEnd(levelWidth)}  ${summary}\n`,
    )
    .join("");
}
