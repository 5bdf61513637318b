import { readdirSync } from "node:fs";
import process from "node:process";
import stringify from "fast-json-stable-stringify";

process.stdout.write(`${stringify({ b: 1, a: [2] })}\n`);
process.stdout.write(
  `${readdirSync("node_modules")
    .filter((name) => !name.startsWith("."))
    .sort()
    .join(" ")}\n`,
);
