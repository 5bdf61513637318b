/** The grammar of the scripts: lists, pipelines and compound commands around the rest. */
import fc from "fast-check";
import { question, simpleCommand, stateChange } from "./commands.ts";
import { managerCall } from "./managers.ts";
import { ended, gap, isList, separator, spaced } from "./marks.ts";
import { groupRedirection, type Dialect } from "./words.ts";

/** A script that most authors would write: commands joined by `&&`. */
export function plainScript(dialect: Dialect): fc.Arbitrary<string> {
  return fc
    .array(
      fc.oneof(
        { arbitrary: simpleCommand(dialect), weight: 3 },
        { arbitrary: managerCall(), weight: 2 },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((commands) => commands.join(`${gap}&&${gap}`));
}

/** A script of anything that the grammar has. */
export function trickyScript(dialect: Dialect): fc.Arbitrary<string> {
  return grammar(dialect).list;
}

interface Grammar {
  readonly command: fc.Arbitrary<string>;
  readonly list: fc.Arbitrary<string>;
}

function grammar(dialect: Dialect): Grammar {
  const leaf = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: simpleCommand(dialect), weight: 6 },
    { arbitrary: managerCall(), weight: 3 },
    { arbitrary: stateChange(dialect), weight: 4 },
  );
  let level: Grammar = {
    command: leaf,
    list: list(leaf, { statements: 2, operators: 1 }),
  };
  for (let depth = 1; depth <= 2; depth += 1) {
    const command = fc.oneof(
      { withCrossShrink: true },
      { arbitrary: leaf, weight: 3 },
      { arbitrary: compound(level), weight: 1 },
    );
    level = { command, list: list(command, { statements: 3 - depth, operators: depth }) };
  }
  return level;
}

/**
 * What they print and where tells which side of a pipe is which. None sends its errors there:
 * under `set -x`, a reader that ends early would stop it before it starts, or not.
 */
const producers = [
  "produce",
  "produce a b",
  "cd /w && produce",
  "{ produce; produce b; }",
  "(cd /w; produce)",
  "produce | filter",
];
/** They print when they get to it, and take from an input what others leave: so neither. */
const jobs = [
  "server > /dev/null < /dev/null &",
  "(cd /jobs && server) > /dev/null < /dev/null &",
  "{ server; server -b; } > /dev/null < /dev/null &",
  "server > /dev/null < /dev/null 2>&1 &",
  "cd /jobs && server > /dev/null < /dev/null &",
  "A=1 nohup server > /dev/null < /dev/null &",
  "while server; do break; done > /dev/null < /dev/null &",
];

const operators = ["&&", "&&", "&&", "||"];

/** Numbers are those of statements, and of operators in each, at most. */
function list(
  command: fc.Arbitrary<string>,
  most: { readonly statements: number; readonly operators: number },
): fc.Arbitrary<string> {
  const pipeline = fc
    .tuple(fc.constantFrom("", "", "", "!"), fc.constantFrom(...producers), command)
    .map(([negation, producer, consumer]) => {
      const text = consumer.includes("produce")
        ? consumer
        : `${spaced(producer)}${gap}|${gap}${grouped(consumer)}`;
      return negation === "" ? text : `!${gap}${grouped(text)}`;
    });
  const element = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: command, weight: 9 },
    { arbitrary: pipeline, weight: 1 },
  );
  const foreground = fc
    .tuple(
      element,
      fc.array(
        fc.tuple(fc.constantFrom(...operators), element),
        lengths(0, most.operators),
      ),
    )
    .map(([first, rest]) =>
      rest.reduce(
        (joined, [operator, next]) =>
          [joined, operator, next]
            // Behind an operator, `&` would take all that is before it into the background.
            .map((text) => (/[^&<>]&(?![&>])/.test(text) ? grouped(text) : text))
            .join(gap),
        first,
      ),
    );
  const statement = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: foreground, weight: 14 },
    { arbitrary: fc.constantFrom(...jobs).map(spaced), weight: 1 },
  );
  return fc
    .array(statement, lengths(1, most.statements))
    .map((statements) =>
      statements
        .map((text, index) => (index < statements.length - 1 ? ended(text) : text))
        .join(""),
    );
}

function lengths(minLength: number, maxLength: number) {
  return { minLength, maxLength };
}

function grouped(text: string): string {
  return isList(text) ? `{${gap}${ended(text)}}` : text;
}

function compound({ command, list }: Grammar): fc.Arbitrary<string> {
  const body = list.map(ended);
  const condition = fc.oneof(
    { arbitrary: question(), weight: 3 },
    { arbitrary: command.map((text) => (text.endsWith("&") ? ":" : text)), weight: 1 },
  );
  const plain = fc.oneof(
    list.map((text) => `(${text.startsWith("(") ? gap : ""}${text})`),
    body.map((text) => `{${gap}${text}}`),
    fc
      .tuple(condition, body)
      .map(([test, then]) => `if${gap}${test}${separator}then${gap}${then}fi`),
    fc
      .tuple(condition, body, body)
      .map(
        ([test, then, otherwise]) =>
          `if${gap}${test}${separator}then${gap}${then}else${gap}${otherwise}fi`,
      ),
    fc
      .tuple(condition, body, condition, body)
      .map(
        ([one, a, two, b]) =>
          `if${gap}${one}${separator}then${gap}${a}elif${gap}${two}${separator}then${gap}${b}fi`,
      ),
    fc
      .tuple(fc.constantFrom("a b", "$A x", '"$@"', "*.txt", "$(make list)"), body)
      .map(
        ([items, text]) =>
          `for${gap}i${gap}in${gap}${spaced(items)}${separator}do${gap}${text}done`,
      ),
    fc
      .tuple(fc.constantFrom("", "break", "continue"), body)
      .map(
        ([jump, text]) =>
          `for${gap}i${gap}in${gap}1${gap}2${separator}do${gap}${text}${jump === "" ? "" : `${jump}${separator}`}done`,
      ),
    body.map(
      (text) =>
        `while${gap}read${gap}-r${gap}i${separator}do${gap}${text}done${gap}<${gap}/opt/in`,
    ),
    body.map((text) => `until${gap}make${separator}do${gap}${text}done`),
    body.map((text) => `while${gap}make${separator}do${gap}${text}break${separator}done`),
    fc
      .tuple(fc.constantFrom("$A", "x", '"$(uname -m)"'), list, list)
      .map(
        ([subject, a, b]) =>
          `case${gap}${subject}${gap}in${gap}x|y)${gap}${a}${gap};;${gap}*)${gap}${b}${gap};;${gap}esac`,
      ),
    fc
      .tuple(body, list)
      .map(
        ([text, then]) =>
          `go()${gap}{${gap}${text}}${separator}go${gap}x${separator}${then}`,
      ),
    body.map((text) => `go()${gap}(${gap}${text})${separator}go`),
    command.map((text) => `show${gap}"$(${foregroundOnly(text)})"`),
    command.map((text) => `B=\`${foregroundOnly(text).replace(/[`\\]/g, "")}\``),
  );
  return fc
    .tuple(plain, fc.option(groupRedirection(), { freq: 6, nil: undefined }))
    .map(([text, target]) => {
      if (target === undefined) return text;
      return `${/^(?:go\(\)|show)/.test(text) ? `{${gap}${ended(text)}}` : text}${gap}${target}`;
    });
}

function foregroundOnly(text: string): string {
  return text.includes("server") ? "make" : text;
}
