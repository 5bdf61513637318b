import process from "node:process";
import colours from "picocolors";
import semver from "semver";

const isNewer = semver.gte("1.10.0", "1.9.0");
process.stdout.write(`${colours.bold("newer")}: ${isNewer}\n`);
