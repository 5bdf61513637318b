import { describe, expect, test } from "vitest";

import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { stateBefore } from "../../src/dockerfile/state.ts";
import type { Variables } from "../../src/dockerfile/variables.ts";
import type { BuildState } from "../../src/dockerfile/types.ts";

/** State before the last instruction. */
function stateIn(text: string): BuildState {
  const dockerfile = parseDockerfile(`${text}\nRUN end`);
  const last = dockerfile.instructions.at(-1);
  if (last === undefined) throw new Error("There is no instruction.");
  return stateBefore(last, dockerfile);
}

/** Those of the names used here that are set. */
function valuesOf(variables: Variables): Record<string, string | undefined> {
  const names = ["a", "b", "c", "d", "v", "PATH"].filter((name) => variables.has(name));
  return Object.fromEntries(names.map((name) => [name, variables.get(name)]));
}

describe("SHELL", () => {
  const sh = ["/bin/sh", "-c"];
  test.each([
    ["FROM a", sh],
    ["FROM scratch", sh],
    ['FROM a\nSHELL ["/bin/bash", "-ec"]', ["/bin/bash", "-ec"]],
    ['FROM a AS b\nSHELL ["bash"]\nFROM b', ["bash"]],
    ['FROM a AS b\nSHELL ["bash"]\nFROM a', sh],
    ["FROM microsoft/nanoserver", undefined],
    ["FROM mcr.microsoft.com/windows/servercore:ltsc2022", undefined],
    ["FROM mcr.microsoft.com/windows:20H2", undefined],
    ["FROM python:3.12-windowsservercore-ltsc2022", undefined],
    ["ARG T=windowsservercore\nFROM golang:$T", undefined],
    ["FROM golang:nanoserver AS a\nFROM a", undefined],
    ["FROM --platform=windows/amd64 a", undefined],
    ['FROM golang:nanoserver\nSHELL ["pwsh"]', ["pwsh"]],
    ["FROM mcr.microsoft.com/dotnet/sdk:8.0", sh],
  ])("%j", (text, shell) => {
    expect(stateIn(text).shell).toEqual(shell);
  });
});

describe("USER", () => {
  test.each([
    ["FROM a", undefined],
    ["FROM a\nUSER b", "b"],
    ["FROM a\nUSER b:c\nUSER 0", "0"],
    ['FROM a\nUSER "b"', "b"],
    ["FROM a\nENV U=b\nUSER $U", "$U"],
    ["FROM a AS c\nUSER b\nFROM c", "b"],
    ["FROM a\nUSER b\nFROM a", undefined],
  ])("%j", (text, user) => {
    expect(stateIn(text).user).toBe(user);
  });
});

describe("WORKDIR", () => {
  test.each([
    ["FROM a", undefined],
    ["FROM scratch", "/"],
    ["FROM scratch\nWORKDIR b", "/b"],
    ["FROM a\nWORKDIR /b", "/b"],
    ["FROM a\nWORKDIR /b/\nWORKDIR c/../d", "/b/d"],
    ["FROM a\nWORKDIR /b\nWORKDIR /c", "/c"],
    ["FROM a\nWORKDIR b\nWORKDIR c", "b/c"],
    ['FROM a\nWORKDIR "/b c"', "/b c"],
    ["FROM a\nWORKDIR /b/$C", "/b/$C"],
    ["FROM a\nWORKDIR /b/$C\nWORKDIR d", "/b/$C/d"],
    ["FROM a\nWORKDIR /b\nWORKDIR $C", "$C"],
    ["FROM a\nWORKDIR /..", "/"],
    ["# escape=`\nFROM a\nWORKDIR C:\\b", "C:\\b"],
    ["FROM a AS b\nWORKDIR /c\nFROM b\nWORKDIR d", "/c/d"],
  ])("%j", (text, workdir) => {
    expect(stateIn(text).workdir).toBe(workdir);
  });
});

describe("ENV", () => {
  test.each([
    ["ENV a=1 b=2", { a: "1", b: "2" }],
    ["ENV a 1 2", { a: "1 2" }],
    ["ENV a   b=c", { a: "b=c" }],
    ["ENV a='1 2' b=\"3 4\" c=5\\ 6 d=", { a: "1 2", b: "3 4", c: "5 6", d: "" }],
    ['ENV a=\\"1\\" b=\'\\x\' c="\\x\\""', { a: '"1"', b: "\\x", c: '\\x"' }],
    ["ENV a=1\nENV a=2", { a: "2" }],
    ["ENV a=1\nENV b=$a/${a}", { a: "1", b: "1/1" }],
    ["ENV a=1\nENV a=2 b=$a", { a: "2", b: "1" }],
    ["ENV PATH=/x:$PATH", { PATH: undefined }],
    ["ENV a=${b:-c}", { a: undefined }],
    ["ENV a=\\$b c='$d'", { a: "$b", c: "$d" }],
    ["ARG v=1\nENV a=$v", { a: undefined }],
    ["ENV a=1\nARG a=2", { a: undefined }],
    ["ENV a=b \\\n  # c\n  d=e", { a: "b", d: "e" }],
  ])("%j", (text, env) => {
    expect(valuesOf(stateIn(`FROM x\n${text}`).env)).toEqual(env);
  });

  test("comes from base stages only", () => {
    const text = "FROM x AS a\nENV b=1\nFROM x\nENV c=2\nFROM a\nENV d=3";
    expect(valuesOf(stateIn(text).env)).toEqual({ b: "1", d: "3" });
  });

  test("keeps hundreds of names and their earlier values apart", () => {
    const names = Array.from({ length: 600 }, (_, n) => `V${n}`);
    const lines = names.map((name) => `ENV ${name}=${name}`);
    const dockerfile = parseDockerfile(
      ["FROM a", ...lines, "ENV V8=new", "RUN b"].join("\n"),
    );
    const [before, after] = dockerfile.instructions
      .slice(-2)
      .map((instruction) => stateBefore(instruction, dockerfile).env);
    expect(names.map((name) => before?.get(name))).toEqual(names);
    expect(after?.get("V8")).toBe("new");
    expect(names.filter((name) => after?.get(name) !== name)).toEqual(["V8"]);
    expect(after?.has("V600")).toBe(false);
  });

  test("counts from the next instruction on", () => {
    const dockerfile = parseDockerfile("FROM a\nENV b=1\nENV b=2");
    expect(
      dockerfile.instructions.map((instruction) =>
        stateBefore(instruction, dockerfile).env.get("b"),
      ),
    ).toEqual([undefined, undefined, "1"]);
  });
});

describe("ARG", () => {
  test.each([
    ["FROM x\nARG a=1 b c='2 3'", { a: "1", b: undefined, c: "2 3" }],
    ["FROM x\nARG a=1\nARG b=$a", { a: "1", b: "1" }],
    ["FROM x\nARG a=$b", { a: undefined }],
    ["ARG a=1\nFROM x", {}],
    ["ARG a=1\nFROM x\nARG a", { a: "1" }],
    ["ARG a=1\nFROM x\nARG a=2", { a: "2" }],
    ["FROM x AS y\nARG a=1\nFROM y", { a: "1" }],
    ["FROM x AS y\nARG a=1\nFROM x", {}],
    ["FROM x AS y\nARG a=1\nFROM y\nARG a", { a: "1" }],
  ])("%j", (text, args) => {
    expect(valuesOf(stateIn(text).args)).toEqual(args);
  });

  test("before the first FROM", () => {
    const dockerfile = parseDockerfile("ARG a=1\nARG b=$a\nFROM $b");
    const second = dockerfile.instructions[1];
    expect(second && valuesOf(stateBefore(second, dockerfile).args)).toEqual({ a: "1" });
  });
});

test("a long chain of stages needs no deep stack", () => {
  const chain = Array.from(
    { length: 20_000 },
    (_, index) => `FROM s${index} AS s${index + 1}`,
  );
  expect(stateIn(`FROM a AS s0\nUSER b\n${chain.join("\n")}`).user).toBe("b");
});
