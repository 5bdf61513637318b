import { spawnSync } from "node:child_process";
import { chromium, type Browser } from "playwright-core";

const program = ["chromium", "chromium-browser", "google-chrome-stable"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

export const mayBrowse = canBrowse();

/** Where there is no browser, a person is told so, and CI fails. */
function canBrowse(): boolean {
  if (program !== undefined) return true;
  const word = "Chromium is missing: pages can't be looked at here";
  if (process.env["CI"] !== undefined) throw new Error(word);
  process.stderr.write(`SKIPPED: ${word}\n`);
  return false;
}

export async function startBrowser(): Promise<Browser> {
  const path = spawnSync("which", [program ?? ""], { encoding: "utf8" }).stdout.trim();
  return chromium.launch({ executablePath: path });
}
