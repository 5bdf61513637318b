import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { openStore } from "../../src/batch/store/store.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** All times are milliseconds. */
export interface ReviewTimes {
  /** From the address to the first group and its first hunk on the screen. */
  readonly load: number;
  /** The same for a page of one paragraph. */
  readonly emptyPage: number;
  readonly nodes: number;
  /** Between two frames while the hunks are scrolled, and while a page of nothing is. */
  readonly frame: number;
  readonly emptyFrame: number;
}

const runs = 5;

/**
 * Loads a review of made-up diffs in Chromium, from `batch review` itself.
 *
 * @param repositories Planned ones, with a Dockerfile each.
 * @param diffs Distinct ones among them.
 * @returns A string says why that is impossible here.
 */
export async function measureReviewPage(
  repositories: number,
  diffs: number,
): Promise<ReviewTimes | string> {
  const program = spawnSync("which", ["chromium"], { encoding: "utf8" }).stdout.trim();
  if (program === "") return "Chromium is missing";
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-bench-"));
  const address = join(folder, "store.sqlite");
  let server: ChildProcess | undefined;
  try {
    await fillStore(address, repositories, diffs);
    server = spawn(process.execPath, [cli, "batch", "review", "--store", address]);
    const url = await firstLine(server);
    const browser = await chromium.launch({ executablePath: program });
    try {
      const [loads, empties]: [number[], number[]] = [[], []];
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      for (let run = 0; run < runs; run += 1) {
        loads.push(await loadTime(page, url, "#hunks .line"));
        empties.push(await loadTime(page, "data:text/html,<p>nothing</p>", "p"));
      }
      await loadTime(page, url, "#hunks .line");
      const nodes = await page.evaluate("document.querySelectorAll('*').length");
      await page.locator("#find").fill("largest");
      const frame = await frameTime(page, "document.getElementById('hunks')");
      await page.goto("data:text/html,<p style='height:1000000px'>nothing</p>");
      return {
        load: Math.min(...loads),
        emptyPage: Math.min(...empties),
        nodes: Number(nodes),
        frame,
        emptyFrame: await frameTime(page, "document.scrollingElement"),
      };
    } finally {
      await browser.close();
    }
  } finally {
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loadTime(page: Page, url: string, selector: string): Promise<number> {
  await page.goto("about:blank");
  const start = performance.now();
  await page.goto(url);
  await page.locator(selector).first().waitFor();
  return performance.now() - start;
}

/** Median while a box is scrolled a screen at a time. @param box an expression */
async function frameTime(page: Page, box: string): Promise<number> {
  // As text: this program is compiled without the names that a browser has.
  const times = await page.evaluate(`new Promise((resolve) => {
    const box = ${box};
    const times = [];
    let last = performance.now();
    const step = (now) => {
      times.push(now - last);
      last = now;
      box.scrollTop += 700;
      if (times.length < 200) requestAnimationFrame(step);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(step);
  })`);
  const ascending = (times as number[]).sort((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? NaN;
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    server.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes("\n")) resolve(text.trim());
    });
    server.once("exit", () => {
      reject(new Error("batch review has ended"));
    });
  });
}

async function fillStore(
  address: string,
  repositories: number,
  diffs: number,
): Promise<void> {
  const opened = await openStore(address, { mode: "create" });
  if ("failure" in opened) throw new Error(opened.failure.message);
  const { transaction, close } = opened.value;
  await transaction(async (db) => {
    await db
      .insertInto("campaign")
      .values({
        id: "0".repeat(12),
        name: "Bench",
        branch: "b",
        settings: "{}",
        created_at: 0,
      })
      .execute();
    for (let index = 0; index < diffs; index += 1) {
      await db.insertInto("result").values(resultRow(index)).execute();
    }
    for (let index = 0; index < repositories; index += 1) {
      await db.insertInto("target").values(targetRow(index)).execute();
      const file = {
        target: keyOf(index),
        path: "Dockerfile",
        mode: "100644",
        blob: digest(`blob ${index}`).slice(0, 40),
        result: digest(`result ${index % diffs}`),
      };
      await db.insertInto("file").values(file).execute();
    }
  });
  await close();
}

/** A diff of thirty lines; half of all are of one shape, the others of fifty. */
function resultRow(index: number) {
  const shape = index % 2 === 0 ? 0 : 1 + (index % 50);
  const lines = Array.from({ length: 10 }, (_, line) =>
    [
      ` ENV VARIABLE_${line}=value-${index}`,
      `-RUN apt-get install -y package-${index}-${line}`,
      `+RUN apt-get install -y package-${index}-${line} && rm -rf /var/lib/apt/lists/*`,
    ].join("\n"),
  );
  return {
    digest: digest(`result ${index}`),
    status: "changed" as const,
    output: null,
    hunks: `@@ -1,20 +1,20 @@\n${lines.join("\n")}\n`,
    changes: "[]",
    problems: "[]",
    shape: digest(`shape ${shape}`),
    shape_label: shape === 0 ? "merge-runs: the largest" : `clean: shape ${shape}`,
    hunk: digest(`hunk ${index}`),
    rules: digest("rules"),
    saved_bytes: 1_000_000 + index,
    runs_before: 10,
    runs_after: 10,
  };
}

function targetRow(index: number) {
  return {
    key: keyOf(index),
    kind: "forge" as const,
    forge: "github" as const,
    host: "git.example",
    owner: "team",
    name: `repository-${index}`,
    url: `https://${keyOf(index)}`,
    default_branch: "main",
    head: digest(`head ${index}`).slice(0, 40),
    state: "planned" as const,
    attempts: 0,
    checks: "none" as const,
    updated_at: 0,
  };
}

function keyOf(index: number): string {
  return `git.example/team/repository-${index}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
