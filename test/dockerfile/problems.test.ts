import { expect, test } from "vitest";

import { parseDockerfile } from "../../src/dockerfile/parse.ts";

/** [input, for each problem the text that it points at and a part of its message] */
type Row = readonly [string, ...(readonly [string, string])[]];

const REFUSED: readonly Row[] = [
  ["", ["", "no FROM"]],
  ["# a\n\n", ["# a", "no FROM"]],
  ["ARG a", ["ARG a", "no FROM"]],
  ["RUN a\nFROM b", ["RUN", "before the first FROM"]],
  ["FROM a\nFOO b", ["FOO", "no instruction “FOO”"]],
  ["FROM a\n&& b", ["&&", "no instruction"]],
  ["FROM a\n{{ b }}", ["{{", "no instruction"]],
  ["FROM a\n\\", ["\\", "stands alone"]],
  ["FROM a\0", ["\0", "NUL"]],
  ["FROM a\uFFFD", ["\uFFFD", "UTF-8"]],
  ["FROM a\nRUN <<EOF\nb", ["<<EOF", "never ends"]],
  ["FROM a\nRUN echo $((1 << 2))", ["<< 2))", "never ends"]],
  ["# syntax=a\n# syntax=b\nFROM a", ["# syntax=b", "twice"]],
  ["# escape=x\nFROM a", ["# escape=x", "escape character"]],
  ["# escape= \nFROM a", ["# escape= ", "escape character"]],
  ["FROM", ["FROM", "no base image"]],
  ["FROM a # b", ["a # b", "AS and a name"]],
  ["FROM a b", ["a b", "AS and a name"]],
  ["FROM a AS", ["a AS", "AS and a name"]],
  ["FROM a AS 1b", ["a AS 1b", "can't name a stage"]],
  ["FROM ${a", ["${a", "expansions"]],
  ["FROM --foo=b a", ["--foo=b", "no flag --foo"]],
  ["FROM a\nENV", ["ENV", "at least one"]],
  ["FROM a\nENV b", ["b", "name and a value"]],
  ["FROM a\nENV b=c d", ["b=c d", "“d”"]],
  ["FROM a\nENV b 'c", ["b 'c", "quotes"]],
  ['FROM a\nLABEL b="c', ['b="c', "quotes"]],
  ["FROM a\nWORKDIR ${b", ["${b", "quotes"]],
  ['FROM a\nCOPY "b c" d', ['"b c" d', "quotes"]],
  ["FROM a\nENV =b", ["=b", "without a name"]],
  ["FROM a\nLABEL b=c # d", ["b=c # d", "“#”"]],
  ["FROM a\nARG", ["ARG", "at least one"]],
  ["FROM a\nARG =b", ["=b", "without a name"]],
  ["FROM a\nCOPY b", ["b", "source and a destination"]],
  ["FROM a\nCOPY b <<EOF\nEOF", ["b <<EOF", "heredoc as its destination"]],
  ["FROM a\nCOPY --from=$b c d", ["--from=$b", "no variables"]],
  ["FROM a\nCOPY --from b c", ["--from", "needs a value"]],
  ["FROM a\nCOPY --link= b c", ["--link=", "true or false"]],
  ["FROM a\nADD --link=x b c", ["--link=x", "true or false"]],
  ["FROM a\nCOPY --chown=b --chown=c d e", ["--chown=c", "twice"]],
  ["FROM a\nRUN --moun=b c", ["--moun=b", "no flag --moun"]],
  ["FROM a\nUSER", ["USER", "needs an argument"]],
  ["FROM a\nWORKDIR \\\n", ["WORKDIR", "needs an argument"]],
  ["FROM a\nVOLUME []", ["[]", "needs an argument"]],
  ["FROM a\nSHELL /bin/sh", ["/bin/sh", "JSON array"]],
  ["FROM a\nSHELL []", ["[]", "JSON array"]],
  ["FROM a\nRUN [1]", ["[1]", "other than strings"]],
  ['FROM a\nCMD ["b", null]', ['["b", null]', "other than strings"]],
  ["FROM a\nHEALTHCHECK", ["HEALTHCHECK", "needs an argument"]],
  ["FROM a\nHEALTHCHECK CMD", ["CMD", "needs a command"]],
  ["FROM a\nHEALTHCHECK NONE b", ["NONE b", "no arguments"]],
  ["FROM a\nHEALTHCHECK b", ["b", "not “b”"]],
  ["FROM a\nONBUILD", ["ONBUILD", "needs an argument"]],
  ["FROM a\nONBUILD FROM b", ["FROM b", "trigger FROM"]],
  [
    "# syntax=example.org/front\nFROM a\nFOO b\nBAR c",
    ["# syntax=example.org/front", "grammar isn't known"],
  ],
  [`FROM a\nRUN ${"b".repeat(65_600)}`, [`RUN ${"b".repeat(65_600)}`, "longer than"]],
];

const refused = REFUSED.map(([text, ...expected]) => ({ text, expected }));

test.each(refused)("$text", ({ text, expected }) => {
  const { problems } = parseDockerfile(text);
  expect(problems.map(({ range }) => text.slice(range.start, range.end))).toEqual(
    expected.map(([source]) => source),
  );
  for (const [index, [, message]] of expected.entries()) {
    expect(problems[index]?.message).toContain(message);
    expect(problems[index]?.hint).not.toBe("");
  }
});

test.each([
  "FROM a\nRUN",
  "FROM a\nCMD",
  "FROM a\nENTRYPOINT []",
  "FROM a\nENV b c d",
  "FROM a\nENV b='c d' e=\"f g\" h=i\\ j",
  "FROM a\nARG b c=d",
  "ARG a\nFROM a\nFROM a",
  "FROM a\nRUN --mount=type=ssh --mount=type=cache,target=/b --device=c d",
  "FROM a\nCOPY --parents --exclude=b --exclude=c d e",
  "FROM a\nADD --keep-git-dir=TRUE --checksum=b c d",
  "FROM a\nCOPY <<EOF /b\nEOF",
  "FROM a\nHEALTHCHECK --interval=1s NONE",
  "FROM a\nHEALTHCHECK NONE",
  "FROM a\nMAINTAINER b c",
  "FROM a\nONBUILD RUN",
  "FROM a\nUSER $b",
  "FROM a\nSTOPSIGNAL 9",
  "FROM a\nRUN [ -f b ] || c",
  "# syntax=example.org/front\nFROM a\nRUN b",
  "# escape=`\nFROM a",
  "FROM --platform=$BUILDPLATFORM ${a:-b} aS C-1_2.3",
])("%j is accepted", (text) => {
  expect(parseDockerfile(text).problems).toEqual([]);
});
