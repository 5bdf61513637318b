// The yardstick for many files: reads every Dockerfile of a folder and has dockerfile-ast
// parse it, in plain JavaScript so that no loader costs it time. dockerfile-ast is lazy: it
// splits an instruction only when it is asked for the arguments.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DockerfileParser } from "dockerfile-ast";

const [folder = "."] = process.argv.slice(2);
let words = 0;
for (const name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith("Dockerfile")) continue;
  const text = readFileSync(join(folder, name), "utf8");
  for (const instruction of DockerfileParser.parse(text).getInstructions())
    words += instruction.getArguments().length;
}
process.stdout.write(`${words}\n`);
