/** Words and redirections that a simple command may have. */
import fc from "fast-check";
import { seam, spaced } from "./marks.ts";

export type Dialect = "sh" | "bash";

const plainWords = [
  "x",
  "-v",
  "--flag=value",
  "/opt/app",
  "a/b.txt",
  "./conf",
  "1.2.3",
  `insta${seam}ll`,
];

/** Words that look like syntax to whoever reads a script without parsing it. */
const oddWords = [
  `"a && b"`,
  `'a; b'`,
  `"a || b"`,
  "'#x'",
  "a#b",
  "\\#",
  `""`,
  "a\\ b",
  `"it's"`,
  `'say "x"'`,
  "then",
  "fi",
  "done",
  "é",
  "a\u00a0b",
  "{}",
  "=",
  "a=b",
  "--",
  "'('",
  "\\;",
  "'$HOME'",
  "\\$HOME",
  `"\\$(x)"`,
  "*.txt",
  "[ab]*",
  "~",
  "~/x",
  "'\\'",
  "\\\\",
  `"tab\there"`,
];

const expansions = [
  "$A",
  `"$A"`,
  "${A}",
  "${B:-none}",
  `"\${B:-a b}"`,
  "${C:+set}",
  "${PATH%%:*}",
  "$HOME",
  `"$PWD"`,
  "$@",
  `"$@"`,
  "$#",
  "$1",
  "$0",
  "$((1+2))",
  "$(uname -m)",
  `"$(date +%s)"`,
  "`nproc`",
  "$(cd /w; pwd)",
  "$(make info || echo none)",
  "$(A=2; show $A)",
  "${A:=later}",
];

/** Parameters by which a script sees what its shell has been through. */
const processParameters = [
  "$?",
  "$$",
  "$!",
  "$_",
  "$-",
  "$PPID",
  "$OLDPWD",
  "$LINENO",
  "$SHLVL",
  "${?}",
];

const bashExpansions = [
  "$'a\\'b'",
  "${A//x/y}",
  "${A^^}",
  "${LIST[@]}",
  `"\${#LIST[@]}"`,
  "{a,b}",
  "{1..3}",
  "<(produce < /dev/null)",
  "${BASH_SUBSHELL}",
  "${PIPESTATUS[0]}",
  "$BASHPID",
  "${!A}",
];

export function word(dialect: Dialect): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...plainWords), weight: 10 },
    { arbitrary: fc.constantFrom(...oddWords), weight: 3 },
    { arbitrary: fc.constantFrom(...expansions).map(spaced), weight: 3 },
    { arbitrary: fc.constantFrom(...processParameters), weight: 1 },
    {
      arbitrary: fc.constantFrom(...bashExpansions).map(spaced),
      weight: dialect === "bash" ? 2 : 0,
    },
  );
}

const redirections = [
  "> /dev/null",
  "2>&1",
  "> /dev/null 2>&1",
  "2> /dev/null",
  ">> /etc/profile",
  "> /tmp/log",
  ">/tmp/log",
  "< /dev/null",
  "< /etc/hostname",
  "3>&1",
  ">&2",
  ">| /tmp/log",
  "2>&-",
  "> /etc/hosts",
  '> "$A.log"',
];

const bashRedirections = ["&> /tmp/log", "&>> /tmp/log", "<<< text", '<<< "$A"'];

export function redirection(dialect: Dialect): fc.Arbitrary<string> {
  return fc
    .oneof(
      { arbitrary: fc.constantFrom(...redirections), weight: 6 },
      {
        arbitrary: fc.constantFrom(...bashRedirections),
        weight: dialect === "bash" ? 2 : 0,
      },
    )
    .map(spaced);
}

/**
 * Those that a group may have: where `set -x` is in force, what a group writes to its standard
 * error shows the very commands, with the options that a rewrite adds.
 */
export function groupRedirection(): fc.Arbitrary<string> {
  const quiet = redirections.filter((text) => !text.includes("2>&1"));
  return fc.constantFrom(...quiet).map(spaced);
}
