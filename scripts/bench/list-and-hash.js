// The yardstick for reading archives: `tar -t`, and SHA-256 by the same library as Node's.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import process from "node:process";

const [archive = ""] = process.argv.slice(2);
const { status } = spawnSync("tar", ["-t", "-f", archive], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (status !== 0) process.exit(1);
const hash = createHash("sha256");
for await (const chunk of createReadStream(archive, { highWaterMark: 1024 * 1024 })) {
  hash.update(chunk);
}
process.stdout.write(`${hash.digest("hex")}\n`);
