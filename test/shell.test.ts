import { describe, expect, test } from "vitest";
import { simpleCommands } from "../src/shell/commands.ts";
import { applySetArguments, defaultOptions, readShell } from "../src/shell/dialect.ts";
import type { Dialect } from "../src/shell/dialect.ts";
import { nestedScript } from "../src/shell/invocation.ts";
import { parseScript } from "../src/shell/parse.ts";
import { processStateRead } from "../src/shell/process-state.ts";
import { literalValue } from "../src/shell/words.ts";

const parse = (text: string, dialect: Dialect = "sh") => parseScript(text, dialect);

/** The invocations of a script, each as `program(arguments)`. */
function invocations(text: string): string[] {
  return simpleCommands(parse(text, "bash")).map(({ invocation }) =>
    invocation === undefined
      ? "-"
      : `${invocation.program ?? "?"}(${invocation.args.map((arg) => arg.text).join(" ")})`,
  );
}

function onlyInvocation(text: string) {
  const [command] = simpleCommands(parse(text, "bash"));
  if (!command?.invocation) throw new Error(`${text} runs nothing`);
  return command.invocation;
}

describe("simple commands", () => {
  test.each([
    ["a && b || c; d", ["a()", "b()", "c()", "d()"]],
    ["a | b |& c", ["a()", "b()", "c()"]],
    ["if a; then b; elif c; then d; else e; fi", ["a()", "b()", "c()", "d()", "e()"]],
    ["for i in 1 2; do a $i; done", ["a($i)"]],
    ["while a; do b; done", ["a()", "b()"]],
    ["case $x in y) a ;; *) b ;; esac", ["a()", "b()"]],
    ["f() { a; }; f", ["a()", "f()"]],
    ["(a; { b; })", ["a()", "b()"]],
    ['a "$(b c)" `d`', ['a("$(b c)" `d`)', "b(c)", "d()"]],
    ["diff <(a) <(b)", ["diff(<(a) <(b))", "a()", "b()"]],
    ["x=1", ["-"]],
    ["x=$(a)", ["-", "a()"]],
    ["> file", ["-"]],
    ["a & b", ["a()", "b()"]],
    ["! a", ["a()"]],
    ["a 'b; c' \"d && e\" # f", ["a('b; c' \"d && e\")"]],
    ["echo a#b", ["echo(a#b)"]],
  ])("of %s", (text, expected) => {
    expect(invocations(text)).toEqual(expected);
  });

  test("stand at their place in the text, inside what surrounds them", () => {
    const text = "if a; then (b 1); fi";
    const [, inner] = simpleCommands(parse(text));
    expect(text.slice(inner?.node.pos, inner?.node.end)).toBe("b 1");
    const around = inner?.ancestors.map(({ type }) => type) ?? [];
    expect(around.indexOf("If")).toBeGreaterThanOrEqual(0);
    expect(around.indexOf("Subshell")).toBeGreaterThan(around.indexOf("If"));
  });
});

describe("an invocation", () => {
  test.each([
    ["pip install x", "pip(install x)"],
    ["/usr/bin/pip install x", "pip(install x)"],
    ['"$VENV/bin/pip" install x', "pip(install x)"],
    ["$VENV/bin/pip install x", "pip(install x)"],
    ["'pip' install", "pip(install)"],
    ["\\pip install", "pip(install)"],
    ["$PIP install", "?(install)"],
    ['"${PIP:-pip}" install', "?(install)"],
    ["sudo pip install", "pip(install)"],
    ["sudo -E -u x pip install", "pip(install)"],
    ["sudo -H -- pip install", "pip(install)"],
    ["sudo A=1 pip install", "pip(install)"],
    ["doas -u x pip install", "pip(install)"],
    ["env A=1 B=2 pip install", "pip(install)"],
    ["env -u A pip install", "pip(install)"],
    ["env -i pip install", "pip(install)"],
    ["A=1 pip install", "pip(install)"],
    ["time pip install", "pip(install)"],
    ["nice -n 5 pip install", "pip(install)"],
    ["nice -n5 pip install", "pip(install)"],
    ["ionice -c 3 nice pip install", "pip(install)"],
    ["timeout 5 pip install", "pip(install)"],
    ["timeout -s KILL 5m pip install", "pip(install)"],
    ["xargs -n1 pip install", "pip(install)"],
    ["xargs -n 1 -P 4 pip install", "pip(install)"],
    ["xargs", "xargs()"],
    ["gosu user pip install", "pip(install)"],
    ["su-exec user:group pip install", "pip(install)"],
    ["exec pip install", "pip(install)"],
    ["command pip install", "pip(install)"],
    ["nohup stdbuf -o L pip install", "pip(install)"],
    ["command -v pip", "command(-v pip)"],
    ["command -V pip", "command(-V pip)"],
    ["sudo", "sudo()"],
    ["env", "env()"],
    ["sudo $X install", "?(install)"],
    ["su -c 'pip install' x", "su(-c 'pip install' x)"],
  ])("%s is %s", (text, expected) => {
    expect(invocations(text)).toEqual([expected]);
  });

  test("tells what stands before the program", () => {
    const { prefixes, prefixWords, assignments } = onlyInvocation(
      "X=1 sudo -H env Y=2 pip install",
    );
    expect(prefixes).toEqual(["sudo", "env"]);
    expect(prefixWords.map(({ text }) => text)).toEqual(["sudo", "-H", "env", "Y=2"]);
    expect(assignments).toEqual(["X", "Y"]);
  });

  test.each([
    ["su -c 'a; b' user", "a; b"],
    ["su user -c 'a'", "a"],
    ["su - user --command 'a'", "a"],
    ['sh -c "a && b"', "a && b"],
    ["sudo -u x bash -lc 'a'", "a"],
    ["gosu x sh -ec 'a'", "a"],
    ["sh script.sh", undefined],
    ['sh -c "a $X"', "a $X"],
    ["python -c 'a'", undefined],
  ])("%s runs the script %j", (text, expected) => {
    expect(nestedScript(onlyInvocation(text))).toBe(expected);
  });
});

describe("a word's literal value", () => {
  test.each([
    ["abc", "abc"],
    ["'a b'", "a b"],
    ['"a b"', "a b"],
    ["a'b'\"c\"", "abc"],
    ["a\\ b", "a b"],
    ["A=b", "A=b"],
    ["$x", undefined],
    ['"a$x"', undefined],
    ["$(a)", undefined],
    ["`a`", undefined],
  ])("of %s", (text, expected) => {
    const [word] = onlyInvocation(`echo ${text}`).args;
    expect(word && literalValue(word)).toBe(expected);
  });
});

describe("SHELL", () => {
  test.each([
    [["/bin/sh", "-c"], "sh", {}, false],
    [["sh", "-c"], "sh", {}, false],
    [["/bin/ash", "-c"], "sh", {}, false],
    [["/bin/dash", "-ec"], "sh", { errexit: "on" }, false],
    [["/bin/bash", "-c"], "bash", {}, false],
    [["/usr/local/bin/bash", "-e", "-c"], "bash", { errexit: "on" }, false],
    [["bash", "-o", "pipefail", "-c"], "bash", { pipefail: "on" }, false],
    [
      ["/bin/bash", "-euxo", "pipefail", "-c"],
      "bash",
      { errexit: "on", nounset: "on", xtrace: "on", pipefail: "on" },
      false,
    ],
    [
      ["/bin/bash", "-o", "errexit", "-v", "-c"],
      "bash",
      { errexit: "on", verbose: "on" },
      false,
    ],
    [["/bin/bash", "-lc"], "bash", {}, true],
    [["/bin/bash", "--login", "-c"], "bash", {}, true],
    [["/bin/bash", "-i", "-c"], "bash", {}, true],
    [["/bin/bash", "--norc", "-c"], "bash", {}, false],
  ])("%j", (words, dialect, options, readsStartupFiles) => {
    expect(readShell(words)).toEqual({
      dialect,
      options: { ...defaultOptions, ...options },
      readsStartupFiles,
    });
  });

  test.each([
    [[]],
    [["/bin/bash"]],
    [["/bin/bash", "-e"]],
    [["/bin/bash", "-c", "-e"]],
    [["/bin/bash", "-O", "extglob", "-c"]],
    [["/bin/bash", "--rcfile", "x", "-c"]],
    [["/bin/bash", "-o", "vi", "-c"]],
    [["/bin/bash", "-fc"]],
    [["/bin/zsh", "-c"]],
    [["/bin/busybox", "sh", "-c"]],
    [["/usr/bin/env", "bash", "-c"]],
    [["pwsh", "-Command"]],
    [["cmd", "/S", "/C"]],
    [["python", "-c"]],
  ])("%j is none that is known", (words) => {
    expect(readShell(words)).toBeUndefined();
  });

  test.each([
    [["-e"], { errexit: "on" }],
    [["-ex", "-u"], { errexit: "on", xtrace: "on", nounset: "on" }],
    [["-eo", "pipefail"], { errexit: "on", pipefail: "on" }],
    [["+e"], {}],
    [["-e", "+e"], {}],
    [["+o", "pipefail"], {}],
    [["--"], undefined],
    [["x"], undefined],
    [["-f"], undefined],
    [["-o"], undefined],
    [["-e", "--", "x"], undefined],
  ])("set %j", (args, expected) => {
    expect(applySetArguments(defaultOptions, args)).toEqual(
      expected && { ...defaultOptions, ...expected },
    );
  });
});

describe("a script that can't be relied upon", () => {
  test.each([
    ["echo 'a", "broken"],
    ["a &&", "broken"],
    ["if a; then b", "broken"],
    ["(a", "broken"],
    ["a\0b", "NUL"],
  ])("%j in any shell", (text, reason) => {
    expect(parse(text, "bash").unreadable).toContain(reason);
    expect(parse(text, "sh").unreadable).toContain(reason);
  });

  test.each([
    ["a &> b", "&>"],
    ["a &>> b", "&>"],
    ["a >& b", ">&"],
    ["a |& b", "|&"],
    ["a <<< b", "<<<"],
    ["a <(b)", "process substitution"],
    ["x=(1 2)", "array"],
    ["x+=1", "+="],
    ["function f { a; }", "function"],
    ["((x + 1))", "(( … ))"],
    ["for ((i = 0; i < 3; i++)); do a; done", "for (( … ))"],
    ["select x in 1 2; do a; done", "select"],
    ["[[ -e a && -e b ]]", "[[ … ]]"],
    ["[[ a < b ]]", "[[ … ]]"],
    ["case $x in a) b ;& c) d ;; esac", ";&"],
    ["rm !(a)", "extended glob"],
    ["exec {fd}> a", "{variable}"],
    ["x=$(a |& b)", "|&"],
    ['echo "$(a <<< b)"', "<<<"],
  ])("%s in sh, but in bash", (text, reason) => {
    expect(parse(text, "sh").unreadable).toContain(reason);
    expect(parse(text, "bash").unreadable).toBeUndefined();
  });

  test.each([
    "a 2>&1",
    "a >&2",
    "a 2>&-",
    "[[ -e a ]]",
    "[ a = b ]",
    "f() { a; }",
    "a ${x#y} $# ${#x} c\\#",
    "echo a#b '#' \"#\"",
    "case $x in a|b) c ;; esac",
    "x=$((1 + 2))",
  ])("not so %s", (text) => {
    expect(parse(text, "sh").unreadable).toBeUndefined();
  });
});

describe("the end of a script", () => {
  test.each([
    ["a # note", "a", "# note"],
    ["a;# note", "a", "# note"],
    ["a &  # note", "a &", "# note"],
    ["a ; ", "a", undefined],
    ["a 'x # y'", "a 'x # y'", undefined],
    ["a x#y", "a x#y", undefined],
    ["a \\# y", "a \\# y", undefined],
    ["a && b", "a && b", undefined],
  ])("%j", (text, code, comment) => {
    const { codeEnd, commentStart } = parse(text);
    expect(text.slice(0, codeEnd)).toBe(code);
    expect(commentStart === undefined ? undefined : text.slice(commentStart)).toBe(
      comment,
    );
  });
});

describe("reading the state of the shell's process", () => {
  test.each([
    ["echo $$", "$$"],
    ['echo "pid $$"', "$$"],
    ["kill $!", "$!"],
    ["echo ${PPID}", "${PPID}"],
    ["echo $_ $-", "$_"],
    ["a $(echo $RANDOM)", "$RANDOM"],
    ["if [ $SECONDS -gt 1 ]; then a; fi", "$SECONDS"],
    ['cd "$OLDPWD"', "$OLDPWD"],
    ["echo ${PIPESTATUS[0]}", "${PIPESTATUS}"],
    ["history", "history"],
    ["a && jobs", "jobs"],
  ])("%s", (text, expected) => {
    expect(processStateRead(parse(text, "bash"))).toBe(expected);
  });

  test.each([
    "echo $?",
    "echo '$$'",
    "echo \\$\\$",
    "echo $# $@ $0 $1",
    "echo $PWD $HOME",
  ])("not %s", (text) => {
    expect(processStateRead(parse(text, "bash"))).toBeUndefined();
  });
});
