/**
 * Writes docs/transforms/<id>.md from each transform and its fixtures, and docs/behaviour.md
 * and the README's section on other tools from the recorded results, and in docs/verify.md
 * the list of what may differ. `--check` writes nothing
 * and fails where a page is outdated.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { fileURLToPath } from "node:url";
import { readArguments } from "./arguments.ts";
import { format, resolveConfig } from "prettier";
import { transforms } from "../transforms/index.ts";
import { behaviourPage } from "./docs/behaviour-page.ts";
import { withCompareSection } from "./docs/compare-section.ts";
import { readRecords } from "./docs/figures.ts";
import { packageManagersPage } from "./docs/package-managers-page.ts";
import { transformPage } from "./docs/page.ts";
import { withVerifySection } from "./docs/verify-section.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const transformPages = "docs/transforms/";
const { values } = readArguments({
  options: { check: { type: "boolean", default: false } },
});

const records = readRecords();
const readme = readFileSync(`${root}README.md`, "utf8");
const drafts: readonly (readonly [path: string, text: string])[] = [
  ...transforms.map(
    (transform) =>
      [`${transformPages}${transform.id}.md`, transformPage(transform)] as const,
  ),
  ["docs/behaviour.md", behaviourPage(records)],
  ["docs/package-managers.md", packageManagersPage()],
  ["docs/verify.md", withVerifySection(readFileSync(`${root}docs/verify.md`, "utf8"))],
  ["README.md", withCompareSection(readme, records.compare)],
];

const style = await resolveConfig(`${root}README.md`);
const pages = new Map<string, string>();
for (const [path, text] of drafts)
  pages.set(path, await format(text, { ...style, parser: "markdown" }));

mkdirSync(`${root}${transformPages}`, { recursive: true });
const superfluous = readdirSync(`${root}${transformPages}`)
  .map((name) => transformPages + name)
  .filter((path) => !pages.has(path));
const outdated = [...pages].filter(
  ([path, text]) =>
    !existsSync(root + path) || readFileSync(root + path, "utf8") !== text,
);

if (values.check) {
  const paths = [...outdated.map(([path]) => path), ...superfluous];
  for (const path of paths) {
    process.stderr.write(`${path} is outdated: npm run docs\n`);
  }
  process.exitCode = paths.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of outdated) writeFileSync(root + path, text);
  for (const path of superfluous) rmSync(root + path);
}
