import { cacheFolders } from "../../src/knowledge/cache-folders.ts";
import { volatile } from "../../src/verify/may-differ.ts";

const start = '<!-- From here, made by "npm run docs" from src/verify/may-differ.ts. -->';
const end = "<!-- Up to here. -->";

/** docs/verify.md with the list of what may differ; still to be formatted. */
export function withVerifySection(page: string): string {
  const [before, rest] = page.split(start);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`docs/verify.md lacks the lines “${start}” and “${end}”.`);
  return `${before}${start}\n\n${list()}\n\n${end}${after}`;
}

function list(): string {
  const managers = [...new Set(cacheFolders.map(({ manager }) => manager))];
  const caches = managers.map((manager) => {
    const folders = cacheFolders.filter((folder) => folder.manager === manager);
    return `  - ${manager}: ${folders.map(({ path }) => `\`${path}\``).join(", ")}`;
  });
  return [
    ...volatile.map(({ what, why }) => `- ${what}: ${why}`),
    "- the caches of package managers that `clean-package-cache` and `no-cache-flags` keep out of an image. Files in them may be missing or have other contents; a new file in them is a difference (`~` is any home folder):",
    ...caches,
    "- a folder that held nothing but these",
  ].join("\n");
}
