import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../src/dockerfile/parse.ts";
import { stateBefore } from "../src/dockerfile/state.ts";
import { roleOf } from "../src/knowledge/manager-calls.ts";
import type { Dockerfile, Instruction } from "../src/dockerfile/types.ts";
import {
  packageManagers,
  type PackageManager,
} from "../src/knowledge/package-managers.ts";
import { runProgram } from "../src/rewrite/run-program.ts";
import { simpleCommands, type SimpleCommand } from "../src/shell/commands.ts";
import { managerShapes, type Shapes } from "./manager-shapes.ts";

/** A RUN of a fixture with calls of the manager, and whether it stays as it is. */
interface Use {
  readonly run: Instruction;
  readonly calls: readonly SimpleCommand[];
  readonly cleansUp: boolean;
  readonly stays: boolean;
}

/** What a fixture needs to have in it to be of a shape. */
const tests: Shapes<(use: Use, dockerfile: Dockerfile) => boolean> = {
  changes: ({ stays }) => !stays,
  clean: ({ cleansUp, stays }) => cleansUp && stays,
  anotherUser: ({ run, calls }, dockerfile) =>
    !/^(root)?$/.test(stateBefore(run, dockerfile).user ?? "") ||
    calls.some(({ invocation }) =>
      invocation?.prefixes.some((name) => /^(sudo|doas|gosu|su-exec)$/.test(name)),
    ),
  inAList: ({ calls }) => calls.some(isConditional),
  cacheMount: ({ run, stays }) =>
    stays && run.flags.some(({ value = "" }) => value.includes("type=cache")),
  laterReader: ({ run, stays }, { instructions }) =>
    stays && run !== instructions.findLast(({ keyword }) => keyword !== "LABEL"),
};

const shapes = Object.keys(tests) as (keyof Shapes)[];

test("every manager has its row, and every row its manager", () => {
  expect(Object.keys(managerShapes).sort()).toEqual(
    packageManagers.map(({ id }) => id).sort(),
  );
});

describe.each(packageManagers)("$id", (manager) => {
  test.each(shapes)("%s", (shape) => {
    const entry = managerShapes[manager.id]?.[shape];
    if (typeof entry !== "string") {
      expect(entry?.none).toMatch(/\w/);
      return;
    }
    const { dockerfile, uses } = readFixture(entry, manager);
    const fitting = uses.filter((use) => tests[shape](use, dockerfile));
    expect(fitting, `${entry} has no such RUN`).not.toEqual([]);
  });
});

function readFixture(
  name: string,
  manager: PackageManager,
): { dockerfile: Dockerfile; uses: Use[] } {
  const folder = new URL(`../fixtures/${name}/`, import.meta.url);
  const text = read(new URL("before.Dockerfile", folder)) ?? "";
  expect(text, `${name} is there`).not.toBe("");
  const after = (read(new URL("after.Dockerfile", folder)) ?? text).split("\n");
  const dockerfile = parseDockerfile(text);
  const uses = dockerfile.instructions.flatMap((run) => {
    const program = run.keyword === "RUN" ? runProgram(run, dockerfile) : undefined;
    if (program?.kind !== "script") return [];
    const commands = simpleCommands(program.script);
    const calls = commands.filter(({ invocation }) =>
      manager.programs.test(invocation?.program ?? ""),
    );
    if (calls.length === 0) return [];
    const lines = text.slice(run.range.start, run.range.end).split("\n");
    const stays = lines.every((line) => after.includes(line));
    const cleansUp = commands.some((command) => cleans(command, manager));
    return [{ run, calls, cleansUp, stays }];
  });
  return { dockerfile, uses };
}

function cleans({ invocation }: SimpleCommand, manager: PackageManager): boolean {
  const { program = "", args = [] } = invocation ?? {};
  const text = [program, ...args.map((arg) => arg.text)].join(" ");
  return (
    (invocation && roleOf(invocation, manager)) === "cleans" ||
    program === "rm" ||
    manager.otherCleanups?.test(text) === true ||
    args.some((arg) => arg.text === manager.flag?.flag)
  );
}

function isConditional({ ancestors }: SimpleCommand): boolean {
  return ancestors.some(
    (node) =>
      /^(If|Case|For|While)$/.test(node.type) ||
      (node.type === "AndOr" && node.operators.includes("||")),
  );
}

function read(file: URL): string | undefined {
  const path = fileURLToPath(file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
