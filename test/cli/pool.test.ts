import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { improvable, workspace } from "./workspace.ts";

/** Enough for threads beside the main one. */
const many = 150;
/** Few enough for one thread. */
const few = 30;

/** Files of different length, with and without changes, notes and errors. */
function dockerfile(index: number): string {
  const runs = Array.from(
    { length: index % 7 },
    (_, run) => `RUN tool-${run} ${index}\n`,
  );
  const last = index % 11 === 0 ? "NONSENSE\n" : 'RUN ["exec", "form"]\n';
  return `FROM alpine:3.20\n${runs.join("")}${last}`;
}

function manyFiles(text = dockerfile): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: many }, (_, index) => {
      const folder = `${Math.floor(index / few)}`;
      return [`${folder}/${String(index).padStart(3, "0")}.Dockerfile`, text(index)];
    }),
  );
}

/** Node names each thread that it starts. */
const showThreads = { NODE_DEBUG: "worker" };

function threads(stderr: string): number {
  return stderr.match(/ created Worker with ID /g)?.length ?? 0;
}

// With one processor there is one thread.
describe.skipIf(availableParallelism() < 2)("a run over many files", () => {
  test("is given to threads beside the main one, one over few files isn't", async () => {
    const { run } = workspace(manyFiles());
    const all = await run(["fix", "--quiet"], { env: showThreads });
    expect(threads(all.stderr)).toBe(Math.min(availableParallelism() - 1, 3));
    const some = await run(["fix", "--quiet", "0"], { env: showThreads });
    expect(threads(some.stderr)).toBe(0);
  });

  test.each([
    ["diffs", ["--quiet"]],
    ["notes and errors", ["--verbose"]],
  ])(
    "has the same %s in the same order as runs over some each",
    async (_name, options) => {
      const { run } = workspace(manyFiles());
      const all = await run(["fix", ...options]);
      const parts = [];
      for (let folder = 0; folder < many / few; folder += 1) {
        parts.push(await run(["fix", ...options, String(folder)]));
      }
      expect(all.code).toBe(2);
      expect(all.stdout).toBe(parts.map(({ stdout }) => stdout).join(""));
      expect(messages(all.stderr)).toEqual(
        parts.flatMap(({ stderr }) => messages(stderr)),
      );
      expect(all.stdout.match(/^\+\+\+ /gm)?.length).toBeGreaterThan(many / 2);
    },
  );

  test.each([
    ["long", 150_000],
    ["not so long", 21_000],
  ])("reports a %s file for which the memory isn't enough", async (_name, lines) => {
    const { run } = workspace({
      ...manyFiles(() => improvable),
      "2/too-much.Dockerfile": `FROM alpine:3.20\n${"ARG a\n".repeat(lines)}`,
    });
    const result = await run(["fix", "--check"], {
      env: { NODE_OPTIONS: "--max-old-space-size=16" },
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(
      "2/too-much.Dockerfile: error: internal error: rewriting it takes more memory than there is.",
    );
    expect(result.stderr).toContain(`${many} would change, 1 with errors`);
  });
});

/** Lines about files. */
function messages(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line.includes("Dockerfile:"));
}
