import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  cliPath,
  environment,
  improvable,
  improved,
  workspace,
  type Workspace,
} from "./workspace.ts";

const amount = 400;

function manyFiles(): Workspace {
  return workspace(
    Object.fromEntries(
      Array.from({ length: amount }, (_, index) => [`d${index}/Dockerfile`, improvable]),
    ),
  );
}

function contents({ read }: Workspace): string[] {
  return Array.from({ length: amount }, (_, index) => read(`d${index}/Dockerfile`));
}

/** Everything in the folders but the Dockerfiles. */
function leftovers({ names }: Workspace): string[] {
  return Array.from({ length: amount }, (_, index) => names(`d${index}`))
    .flat()
    .filter((name) => name !== "Dockerfile");
}

function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      resolve(code ?? signal);
    });
  });
}

/** Sends the signal as soon as the first file has been written. */
async function interruptWhileWriting(
  space: Workspace,
  signal: NodeJS.Signals,
): Promise<number | NodeJS.Signals | null> {
  const child = space.start(["fix", "--write"]);
  const end = ended(child);
  while (child.exitCode === null && space.read("d0/Dockerfile") !== improved) {
    await delay(1);
  }
  child.kill(signal);
  return end;
}

describe("a run that is interrupted while it writes", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it after the file at hand, with %i", async (signal, code) => {
    const space = manyFiles();
    expect(await interruptWhileWriting(space, signal)).toBe(code);
    const texts = new Set(contents(space));
    expect(texts).toEqual(new Set([improvable, improved]));
    expect(leftovers(space)).toEqual([]);
  });

  test("SIGKILL leaves every file whole, and the next run completes the work", async () => {
    const space = manyFiles();
    expect(await interruptWhileWriting(space, "SIGKILL")).toBe("SIGKILL");
    expect(new Set(contents(space))).toEqual(new Set([improvable, improved]));
    const again = await space.run(["fix", "--write"]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(`${amount} files looked at`);
    expect(new Set(contents(space))).toEqual(new Set([improved]));
  });
});

test("Ctrl-C while standard input is awaited ends the run at once", async () => {
  const { root } = workspace({ "!first": improvable });
  const child = spawn(process.execPath, [cliPath, "fix", "!first", "-"], {
    cwd: root,
    env: environment(),
  });
  const end = ended(child);
  // The first file's diff shows that the run has come to the second.
  await once(child.stdout, "data");
  child.kill("SIGINT");
  expect(await end).toBe(130);
});

test("two runs over the same files at once write each file whole", async () => {
  const space = manyFiles();
  const results = await Promise.all([
    space.run(["fix", "--write"]),
    space.run(["fix", "--write"]),
  ]);
  for (const { code, stderr } of results) {
    expect([0, 2]).toContain(code);
    const errors = stderr.split("\n").filter((line) => line.includes("error: "));
    for (const line of errors) expect(line).toContain("changed or removed by another");
  }
  expect(new Set(contents(space))).toEqual(new Set([improved]));
  expect(leftovers(space)).toEqual([]);
});
