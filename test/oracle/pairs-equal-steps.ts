/** Pairs whose builds take the same steps: the oracle may not tell them apart. */
import type { ExamplePair } from "./pair.ts";
import { bashRuns, pair, runs } from "./pair.ts";

export const samePairs: readonly ExamplePair[] = [
  // Merges.
  pair("two simple RUNs", runs("a", "b"), runs("a && b")),
  pair(
    "three RUNs on lines of their own",
    runs("a", "b", "c"),
    runs("a \\\n    && b \\\n    && c"),
  ),
  pair(
    "a cd in a subshell",
    runs("cd /x && make", "install y"),
    runs("(cd /x && make) && install y"),
  ),
  pair("a cd in the last part", runs("a", "cd /x && make"), runs("a && cd /x && make")),
  pair(
    "an export in a subshell",
    runs("export A=1; make", "b"),
    runs("(export A=1; make) && b"),
  ),
  pair(
    "a variable in a subshell",
    runs("A=1; make $A", "b $A"),
    runs("(A=1; make $A) && b $A"),
  ),
  pair(
    "a variable that nothing reads",
    runs("A=1; make $A", "b"),
    runs("{ A=1; make $A; } && b"),
  ),
  pair("or in braces", runs("a || b", "c"), runs("{ a || b; } && c")),
  pair("or in braces at the end", runs("a", "b || c"), runs("a && { b || c; }")),
  pair("a semicolon in braces", runs("a; b", "c"), runs("{ a; b; } && c")),
  pair("a semicolon in braces at the end", runs("a", "b; c"), runs("a && { b; c; }")),
  pair("a subshell at the end", runs("a", "b; c"), runs("a && (b; c)")),
  pair("set -e as and", runs("set -e; a; b", "c"), runs("a && b && c")),
  pair(
    "set -e as and in a subshell",
    runs("set -e; a; cd /x; b", "c"),
    runs("(a && cd /x && b) && c"),
  ),
  pair("set -e of the last part", runs("a", "set -e; b; c"), runs("a && (set -e; b; c)")),
  pair("set -x stays inside", runs("set -x; a", "b"), runs("(set -x; a) && b")),
  pair("umask in a subshell", runs("umask 077; a", "b"), runs("(umask 077; a) && b")),
  pair(
    "a trap in a subshell",
    runs("trap 'c' EXIT; a", "b"),
    runs("(trap 'c' EXIT; a) && b"),
  ),
  pair("exec in a subshell", runs("exec a", "b"), runs("(exec a) && b")),
  pair("exit in a subshell", runs("a || exit 1; c", "b"), runs("(a || exit 1; c) && b")),
  pair(
    "a function in a subshell",
    runs("f() { g; }; f", "f x"),
    runs("(f() { g; }; f) && f x"),
  ),
  pair(
    "pipefail in a subshell",
    bashRuns("set -o pipefail; a | b", "c | d"),
    bashRuns("(set -o pipefail; a | b) && c | d"),
  ),
  pair(
    "pipefail from SHELL",
    'FROM x\nSHELL ["/bin/bash","-o","pipefail","-c"]\nRUN a | b\nRUN c | d\n',
    'FROM x\nSHELL ["/bin/bash","-o","pipefail","-c"]\nRUN a | b && c | d\n',
  ),
  pair("pipes", runs("a | b", "c | d"), runs("a | b && c | d")),
  pair(
    "a comment kept on its line",
    runs("a # one", "b"),
    runs("a \\\n    # one\n    && b"),
  ),
  pair("a trailing comment dropped", runs("a # one"), runs("a")),
  pair("conditions", runs("if a; then b; fi", "c"), runs("if a; then b; fi && c")),
  pair(
    "loops",
    runs("for i in 1 2; do a $i; done", "b"),
    runs("for i in 1 2; do a $i; done && b"),
  ),
  pair(
    "redirections",
    runs("a > /log 2>&1", "b >> /log"),
    runs("a > /log 2>&1 && b >> /log"),
  ),
  pair(
    "files by echo",
    runs("echo 1 > /a/b", "echo 2 >> /a/b"),
    runs("echo 1 > /a/b && echo 2 >> /a/b"),
  ),
  pair("a command's text in a file", runs("a > /log", "b"), runs("a > /log && b")),
  pair("substitutions", runs('a "$(b c)"', "d $(e)"), runs('a "$(b c)" && d $(e)')),
  pair(
    "several lines of a file",
    runs("{ echo 1; echo 2; } > /x", "b"),
    runs("{ echo 1; echo 2; } > /x && b"),
  ),
  pair("a negation in a group", runs("! a", "b"), runs("! a && b")),
  pair("a test", runs('[ "$(id -u)" = 0 ]', "b"), runs('[ "$(id -u)" = 0 ] && b')),
  pair(
    "a test of a file",
    runs("if [ -f /a ]; then b; fi", "c"),
    runs("if [ -f /a ]; then b; fi && c"),
  ),
  pair(
    "a question for a command",
    runs("command -v a || b", "c"),
    runs("{ command -v a || b; } && c"),
  ),
  pair("a job left in its RUN", runs("a", "b", "c & d"), runs("a && b", "c & d")),
  pair(
    "one folder entered on both sides of a pipe",
    runs("(cd /w; a) | { cd /w; b; }", "c | d"),
    runs("(cd /w; a) | { cd /w; b; } && c | d"),
  ),
  pair(
    "one command in a job and beside it",
    bashRuns("a", "{ b && c > /dev/null & } && b"),
    bashRuns("a && { b && c > /dev/null & } && b"),
  ),
  pair(
    "a job's empty input behind a group that had another one",
    bashRuns("{ a; } < /dev/null", "for i in 1 2; do b & done"),
    bashRuns("{ a; } < /dev/null && for i in 1 2; do b & done"),
  ),
  pair(
    "a file that a job writes to beside others",
    runs("a", "{ b || c & d; echo 1; } > /x"),
    runs("a && { b || c & d; echo 1; } > /x"),
  ),
  pair(
    "jobs of a subshell",
    runs("a", "for i in 1 2; do b & done || set -eu"),
    runs("a && (for i in 1 2; do b & done || set -eu)"),
  ),
  pair(
    "jobs of a subshell, in bash",
    bashRuns("a", "for i in 1 2; do b & done || set -eu"),
    bashRuns("a && (for i in 1 2; do b & done || set -eu)"),
  ),
  pair("a job in braces at the end", runs("a", "b & c"), runs("a && { b & c; }")),
  pair(
    "the same cache mounts",
    "FROM x\nRUN --mount=type=cache,target=/c a\nRUN --mount=type=cache,target=/c b\n",
    "FROM x\nRUN --mount=type=cache,target=/c a && b\n",
  ),
  pair("as a heredoc", runs("a", "b"), "FROM x\nRUN <<EOF\nset -e\na\nb\nEOF\n"),
  pair(
    "in bash",
    bashRuns("[[ -f /a ]] || b", "c <<< d"),
    bashRuns("{ [[ -f /a ]] || b; } && c <<< d"),
  ),
  pair(
    "source in bash",
    bashRuns("source /e/env && a", "b"),
    bashRuns("(source /e/env && a) && b"),
  ),
  pair("with the user", "FROM x\nUSER u\nRUN a\nRUN b\n", "FROM x\nUSER u\nRUN a && b\n"),
  pair(
    "with a build argument",
    "FROM x\nARG V\nRUN a $V\nRUN b\n",
    "FROM x\nARG V\nRUN a $V && b\n",
  ),
  pair(
    "in each stage",
    "FROM x AS a\nRUN b\nRUN c\nFROM a\nRUN d\nRUN e\n",
    "FROM x AS a\nRUN b && c\nFROM a\nRUN d && e\n",
  ),
  // Instructions that only set configuration.
  pair(
    "over EXPOSE",
    "FROM x\nRUN a\nEXPOSE 80\nRUN b\n",
    "FROM x\nRUN a && b\nEXPOSE 80\n",
  ),
  pair(
    "over LABEL",
    "FROM x\nRUN a\nLABEL a=1\nRUN b\n",
    "FROM x\nLABEL a=1\nRUN a && b\n",
  ),
  pair(
    "over CMD and ENTRYPOINT",
    'FROM x\nRUN a\nENTRYPOINT ["e"]\nCMD ["c"]\nRUN b\n',
    'FROM x\nENTRYPOINT ["e"]\nCMD ["c"]\nRUN a && b\n',
  ),
  pair(
    "over HEALTHCHECK",
    "FROM x\nRUN a\nHEALTHCHECK CMD c\nRUN b\n",
    "FROM x\nRUN a && b\nHEALTHCHECK CMD c\n",
  ),
  pair(
    "over STOPSIGNAL and MAINTAINER",
    "FROM x\nRUN a\nSTOPSIGNAL INT\nMAINTAINER m\nRUN b\n",
    "FROM x\nSTOPSIGNAL INT\nMAINTAINER m\nRUN a && b\n",
  ),
  pair(
    "EXPOSE in another order",
    "FROM x\nEXPOSE 80 443\n",
    "FROM x\nEXPOSE 443\nEXPOSE 80\n",
  ),
  pair(
    "LABEL on several lines",
    "FROM x\nLABEL a=1 b=2\n",
    "FROM x\nLABEL a=1\nLABEL b=2\n",
  ),
  // Formatting.
  pair(
    "continuation lines",
    runs("a b c && d"),
    runs("a \\\n  b \\\n\n  # note\n  c && \\\n  d"),
  ),
  pair("lower case", "from x as a\nrun b\n", "FROM x AS a\nRUN b\n"),
  pair(
    "CRLF in continuation lines",
    "FROM x\r\nRUN a \\\r\n  && b\r\n",
    "FROM x\r\nRUN a && b\r\n",
  ),
  pair("a byte order mark", "\uFEFFFROM x\nRUN a\n", "FROM x\nRUN a\n"),
  pair("no last newline", "FROM x\nRUN a", "FROM x\nRUN a\n"),
  pair(
    "an escape directive",
    "# escape=`\nFROM x\nRUN a `\n  b\n",
    "FROM x\nRUN a \\\n  b\n",
  ),
  pair(
    "a newline in place of a semicolon",
    runs("a; b"),
    "FROM x\nRUN <<EOF\na\nb\nEOF\n",
  ),
  pair("other quotes for the same word", runs("a 'b c'"), runs('a "b c"')),
  pair(
    "ENV in its old form",
    "FROM x\nENV A b c\nRUN a\n",
    'FROM x\nENV A="b c"\nRUN a\n',
  ),
  pair(
    "exec form of a shell",
    'FROM x\nRUN ["/bin/sh","-c","a && b"]\n',
    "FROM x\nRUN a && b\n",
  ),
  pair("a comment between instructions", "FROM x\n# note\nRUN a\n", "FROM x\nRUN a\n"),
  pair(
    "a semicolon before a closing brace",
    runs("{ a && b; } && c"),
    runs("a && b && c"),
  ),
  // What the reader has to get right.
  pair(
    "a hash in a heredoc is no comment",
    "FROM x\nRUN a <<EOF\n# one\n\nEOF\nRUN b\n",
    "FROM x\nRUN a <<EOF && b\n# one\n\nEOF\n",
  ),
  pair(
    "tabs before a heredoc's end",
    "FROM x\nRUN <<-EOF\n\ta\n\tb\n\tEOF\n",
    "FROM x\nRUN a; b\n",
  ),
  pair(
    "two heredocs",
    "FROM x\nRUN a <<A <<B\n1\nA\n2\nB\n",
    "FROM x\nRUN a <<A   <<B\n1\nA\n2\nB\n",
  ),
  pair("a shift is no heredoc", runs("a $((1<<2))", "b"), runs("a $((1<<2)) && b")),
  pair(
    "a bracket that isn't JSON",
    "FROM x\nRUN [ -f /a ] || b\n",
    "FROM x\nRUN [ -f /a ] \\\n  || b\n",
  ),
  pair(
    "a trailing backslash at the end of the file",
    "FROM x\nRUN a \\",
    "FROM x\nRUN a\n",
  ),
  pair("white space after a backslash", "FROM x\nRUN a \\  \n b\n", "FROM x\nRUN a b\n"),
  pair(
    "a shell that can't run here is left alone",
    'FROM x\nSHELL ["pwsh","-Command"]\nRUN a; b\nEXPOSE 80\n',
    'FROM x\nSHELL ["pwsh","-Command"]\nEXPOSE 80\nRUN a; b\n',
  ),
];
