/**
 * Writes docs/transforms/<id>.md from each transform and its fixtures. `--check` writes
 * nothing and fails where a page is outdated.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { transforms } from "../transforms/index.ts";
import { transformPage } from "./docs/page.ts";

const folder = fileURLToPath(new URL("../docs/transforms/", import.meta.url));
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const style = await resolveConfig(`${folder}page.md`);
const pages = new Map<string, string>();
for (const transform of transforms) {
  const text = await format(transformPage(transform), { ...style, parser: "markdown" });
  pages.set(`${transform.id}.md`, text);
}

mkdirSync(folder, { recursive: true });
const present = readdirSync(folder);
const superfluous = present.filter((name) => !pages.has(name));
const outdated = [...pages].filter(
  ([name, text]) =>
    !present.includes(name) || readFileSync(folder + name, "utf8") !== text,
);

if (values.check) {
  const names = [...outdated.map(([name]) => name), ...superfluous];
  for (const name of names) {
    process.stderr.write(`docs/transforms/${name} is outdated: npm run docs\n`);
  }
  process.exitCode = names.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of outdated) writeFileSync(folder + name, text);
  for (const name of superfluous) rmSync(folder + name);
}
