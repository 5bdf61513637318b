/** Starts a transform: `npm run new-transform <id>`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const root = new URL("../", import.meta.url);
const list = new URL("transforms/index.ts", root);

const [id = "", ...others] = process.argv.slice(2);
const problem = whyNot(id, others);
if (problem === undefined) await create(id);
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

function whyNot(name: string, further: readonly string[]): string | undefined {
  if (further.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return "Give one id in lower case, its words joined by hyphens: npm run new-transform my-transform";
  }
  const taken = [`transforms/${name}.ts`, `fixtures/${name}/`].find((path) =>
    existsSync(new URL(path, root)),
  );
  return taken === undefined ? undefined : `${taken} exists already.`;
}

async function create(name: string): Promise<void> {
  const listed = withTransform(readFileSync(list, "utf8"), name);
  await write(`transforms/${name}.ts`, moduleText(name));
  await write("transforms/index.ts", listed);
  const fixture = `fixtures/${name}/first-case`;
  mkdirSync(new URL(`${fixture}/`, root), { recursive: true });
  await write(`${fixture}/before.Dockerfile`, "FROM debian:12\nRUN true\n");
  await write(`${fixture}/after.Dockerfile`, "FROM debian:12\nRUN true # changed\n");
  process.stdout
    .write(`Made transforms/${name}.ts, ${fixture}/ and its line in transforms/index.ts.

Next:
1. Write into ${fixture}/ what has to change, before and after, and give the case a name
   that says its point. "example" in its case.json shows it on the page of the transform.
2. npx vitest run test/fixtures.test.ts fails: fill in transforms/${name}.ts until it passes.
3. Add cases that must not change, more of them than of those that must.
4. If the order matters, move its line in transforms/index.ts: passes run from top to bottom.
5. npm run docs, npm test, npm run regress, then npm run regress -- --oracle --sample 500.
`);
}

async function write(path: string, text: string): Promise<void> {
  const file = new URL(path, root);
  const style = await resolveConfig(fileURLToPath(file));
  const formatted = path.endsWith(".ts")
    ? await format(text, { ...style, parser: "typescript" })
    : text;
  writeFileSync(file, formatted);
}

/** The list with the transform at its end and its import behind the others. */
function withTransform(text: string, name: string): string {
  const lastImport = text.lastIndexOf("\nimport ");
  const behindImports = text.indexOf("\n", lastImport + 1) + 1;
  const end = text.lastIndexOf("]");
  if (lastImport === -1 || end < behindImports) {
    throw new Error("transforms/index.ts doesn't end in a list of transforms.");
  }
  const listed = text.slice(behindImports, end).trimEnd().replace(/,$/, "");
  return [
    text.slice(0, behindImports),
    `import { ${camelCase(name)} } from "./${name}.ts";\n`,
    `${listed}, ${camelCase(name)}`,
    text.slice(end),
  ].join("");
}

function moduleText(name: string): string {
  return `import type { Change, Refusal, Transform } from "../src/engine/types.ts";

export const ${camelCase(name)}: Transform = {
  id: "${name}",
  level: "safe",
  summary: "Says what it does in one line, without a full stop",
  why: "Why the rewrite is worth it.",
  how: "What is rewritten, and what is left alone.",

  apply(stage, context) {
    const changes: Change[] = [];
    const refusals: Refusal[] = [];
    for (const instruction of stage.instructions) {
      if (context.isIgnored(instruction)) {
        const reason = "a comment asks to leave it alone";
        refusals.push({ range: instruction.range, reason });
      }
    }
    return { changes, refusals };
  },
};
`;
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
