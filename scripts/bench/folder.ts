import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultCorpus, readCorpus } from "../regress/corpus.ts";
import { generators } from "./generated.ts";

const filesPerFolder = 100;
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** Writes `count` Dockerfiles below `root`, and says where they come from. */
export function writeDockerfiles(root: string, count: number): string {
  const isReal = existsSync(defaultCorpus);
  const texts = isReal
    ? readCorpus(defaultCorpus).map(({ text }) => text)
    : madeUpTexts();
  for (let index = 0; index < count; index += 1) {
    const text = texts[index % texts.length] ?? "";
    const folder = join(root, String(Math.floor(index / filesPerFolder)));
    if (index % filesPerFolder === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${index}.Dockerfile`), text);
  }
  return isReal ? "of the corpus" : "made up, as there is no corpus here";
}

/** The examples, and generated files about as long as real ones. */
function madeUpTexts(): string[] {
  const real = readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(join(examples, name, "Dockerfile"), "utf8"));
  return [...real, ...Object.values(generators).map((generate) => generate(40))];
}
