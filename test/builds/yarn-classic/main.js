import process from "node:process";
import wrap from "word-wrap";

process.stdout.write(`${wrap("one two three four five six", { width: 12 })}\n`);
