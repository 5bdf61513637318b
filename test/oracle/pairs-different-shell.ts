/** Pairs whose shells behave differently: the oracle has to tell each of them apart. */
import type { ExamplePair } from "./pair.ts";
import { bashRuns, pair, runs } from "./pair.ts";

export const shellPairs: readonly ExamplePair[] = [
  // State of one RUN's shell that leaks into the next command.
  pair(
    "a cd leaks",
    runs("cd /x && make", "install y"),
    runs("cd /x && make && install y"),
  ),
  pair(
    "a cd leaks from braces",
    runs("cd /x && make", "install y"),
    runs("{ cd /x && make; } && install y"),
  ),
  pair(
    "an exported variable leaks",
    runs("export A=1 && make", "test-it"),
    runs("export A=1 && make && test-it"),
  ),
  pair(
    "a variable leaks into an argument",
    runs("A=1; make $A", "show $A"),
    runs("A=1; make $A && show $A"),
  ),
  pair(
    "an unset leaks",
    runs("unset HOME; make", "test-it"),
    runs("unset HOME; make && test-it"),
  ),
  pair(
    "a umask leaks",
    runs("umask 077 && make", "install y"),
    runs("umask 077 && make && install y"),
  ),
  pair(
    "a limit leaks",
    runs("ulimit -n 64 && make", "install y"),
    runs("ulimit -n 64 && make && install y"),
  ),
  pair(
    "a function leaks",
    runs("go() { other; }; go", "go build"),
    runs("go() { other; }; go && go build"),
  ),
  pair(
    "an alias leaks",
    runs("alias ll='ls -l'\\\n; make", "eval ll"),
    runs("alias ll='ls -l'; make && eval ll"),
  ),
  pair(
    "set -f leaks",
    runs("touch /a.x > /a.x; set -f; make", "show /*.x"),
    runs("touch /a.x > /a.x; set -f; make && show /*.x"),
  ),
  pair(
    "set -u leaks",
    runs("set -u; make", "show $NOT_SET"),
    runs("set -u; make && show $NOT_SET"),
  ),
  pair(
    "positional parameters leak",
    runs("set -- a b; make", "show $1"),
    runs("set -- a b; make && show $1"),
  ),
  pair(
    "a redirection by exec leaks",
    runs("exec > /log; make", "install y"),
    runs("exec > /log; make && install y"),
  ),
  pair(
    "an open descriptor leaks",
    runs("exec 3> /log; make", "install y"),
    runs("exec 3> /log; make && install y"),
  ),
  pair(
    "an ignored signal leaks",
    runs("trap '' TERM; make", "serve"),
    runs("trap '' TERM; make && serve"),
  ),
  pair(
    "what a sourced file exports leaks",
    runs(". /x/env && make", "install y"),
    runs(". /x/env && make && install y"),
  ),
  pair(
    "what a file sourced in braces exports leaks",
    bashRuns("source env && make", "install y"),
    bashRuns("{ source env && make; } && install y"),
  ),
  pair(
    "OLDPWD leaks",
    runs("cd /x && cd / && make", "install y"),
    runs("cd /x && cd / && make && install y"),
  ),
  pair(
    "the status of the last command leaks",
    runs("make; x=$?", "show $x"),
    runs("make; x=$? && show $x"),
  ),
  pair(
    "IFS leaks",
    runs("IFS=:; make", "A=a:b; show $A"),
    runs("IFS=:; make && A=a:b; show $A"),
  ),
  // Ends of shells.
  pair(
    "exit ends the merged RUN",
    runs("make; exit 0", "install y"),
    runs("make; exit 0 && install y"),
  ),
  pair(
    "exec replaces the merged shell",
    runs("exec make", "install y"),
    runs("exec make && install y"),
  ),
  pair(
    "a trap runs at the end of the whole",
    runs("trap 'rm -r /w' EXIT; make", "install y"),
    runs("trap 'rm -r /w' EXIT; make && install y"),
  ),
  pair(
    "set -e no longer stops in a subshell on the left",
    runs("set -e; a; b", "c"),
    runs("(set -e; a; b) && c"),
  ),
  pair(
    "set -e no longer stops in braces on the left",
    runs("set -e; a; b", "c"),
    runs("{ set -e; a; b; } && c"),
  ),
  pair("set -e is lost", runs("set -e; a; b"), runs("a; b")),
  pair("set -e is gained", runs("a; b", "c"), runs("set -e; a; b; c")),
  pair(
    "set -e spreads to what follows",
    runs("set -e; a", "b; c"),
    runs("set -e; a; b; c"),
  ),
  pair(
    "return where a shell should have ended",
    runs("if a; then b; exit 1; fi; c"),
    runs("if a; then b; fi; c"),
  ),
  // Status and order of lists.
  pair("|| changes what && binds to", runs("a || b", "c"), runs("a && c || b")),
  pair("|| is the last part", runs("a", "b || c"), runs("a && b || c")),
  pair("a semicolon's status is the last one's", runs("a; b", "c"), runs("a && b && c")),
  pair("a semicolon swallows the earlier part", runs("a", "b; c"), runs("a && b; c")),
  pair("a failure is swallowed", runs("a"), runs("a || true")),
  pair("a failure is no longer swallowed", runs("a || true", "b"), runs("a && b")),
  pair("a newline became a space", runs("a &&\\\n b"), runs("a b")),
  pair("two commands swapped", runs("a && b"), runs("b && a")),
  pair("a negation is lost", runs("! a"), runs("a")),
  pair("a negation takes all", runs("! a", "b"), runs("! { a && b; }")),
  pair(
    "a condition lost its else",
    runs("if a; then b; else c; fi"),
    runs("if a; then b; fi"),
  ),
  pair(
    "a case lost a branch",
    runs('case "$(uname -m)" in x86_64) a ;; *) b ;; esac'),
    runs('case "$(uname -m)" in *) b ;; esac'),
  ),
  pair(
    "a loop goes round less",
    runs("for i in 1 2 3; do a $i; done"),
    runs("for i in 1 2; do a $i; done"),
  ),
  pair(
    "a loop stops at a failure",
    runs("for i in 1 2; do a $i; done"),
    runs("for i in 1 2; do a $i || exit 1; done"),
  ),
  pair(
    "a loop no longer stops at a failure",
    runs("for i in 1 2; do a $i || exit 1; done"),
    runs("for i in 1 2; do a $i; done"),
  ),
  pair("a pipe became a list", runs("a | b"), runs("a && b")),
  pair(
    "pipefail leaks",
    bashRuns("set -o pipefail; a | b", "c | d"),
    bashRuns("set -o pipefail; a | b && c | d"),
  ),
  pair("pipefail is lost", bashRuns("set -o pipefail; a | b"), bashRuns("a | b")),
  pair(
    "pipefail of SHELL is lost",
    'FROM x\nSHELL ["/bin/bash","-o","pipefail","-c"]\nRUN a | b\n',
    'FROM x\nSHELL ["/bin/bash","-c"]\nRUN a | b\n',
  ),
  pair(
    "what exit status a test gives",
    runs('[ "$(id -u)" = 0 ] && a; true'),
    runs('[ "$(id -u)" = 0 ] && a'),
  ),
  // Commands, words, redirections.
  pair("a command is lost", runs("a", "b", "c"), runs("a && c")),
  pair("a command is doubled", runs("a", "b"), runs("a && b && b")),
  pair("a builtin's output is lost", runs("echo hello", "a"), runs("a")),
  pair("an argument is lost", runs("a x y"), runs("a x")),
  pair("two arguments became one", runs("a x y"), runs('a "x y"')),
  pair("quotes are lost", runs('a "$(b)" "c  d"'), runs("a $(b) c  d")),
  pair("a single-quoted variable is replaced", runs("a '$HOME'"), runs('a "$HOME"')),
  pair("a backslash is lost", runs("a x\\ y"), runs("a x y")),
  pair(
    "a carriage return becomes part of a word",
    "FROM x\r\nRUN a b\r\nRUN c\r\n",
    "FROM x\r\nRUN a b\r && c\r\n",
  ),
  pair(
    "the next file gets the text",
    runs("echo 1 > /a; echo 2 > /b"),
    runs("echo 1 > /b; echo 2 > /a"),
  ),
  pair(
    "an appended file is overwritten",
    runs("echo 1 >> /a", "echo 2 >> /a"),
    runs("echo 1 >> /a && echo 2 > /a"),
  ),
  pair("a redirection covers more", runs("a", "b > /log"), runs("{ a && b; } > /log")),
  pair("error output goes elsewhere", runs("a > /log 2>&1"), runs("a 2>&1 > /log")),
  pair(
    "a builtin's text changed in a file",
    runs("echo 'a=1' > /etc/x.conf"),
    runs("echo 'a=2' > /etc/x.conf"),
  ),
  pair("standard input is cut off", runs("echo x | a"), runs("echo x; a")),
  pair(
    "a heredoc lost a line",
    "FROM x\nRUN a <<EOF\none\ntwo\nEOF\n",
    "FROM x\nRUN a <<EOF\none\nEOF\n",
  ),
  pair(
    "a heredoc's variable is replaced",
    "FROM x\nRUN a <<'EOF'\n$HOME\nEOF\n",
    "FROM x\nRUN a <<EOF\n$HOME\nEOF\n",
  ),
  pair(
    "a heredoc script stops no more",
    "FROM x\nRUN <<EOF\nset -e\na\nb\nEOF\n",
    "FROM x\nRUN <<EOF\na\nb\nEOF\n",
  ),
  pair(
    "a heredoc lost its shebang",
    "FROM x\nRUN <<EOF\n#!/bin/bash\na <<< b\nEOF\n",
    "FROM x\nRUN <<EOF\na <<< b\nEOF\n",
  ),
  // Comments and continuation lines.
  pair("a comment swallows what follows", runs("a # first", "b"), runs("a # first && b")),
  pair(
    "a comment turned into code",
    runs("a \\\n# not b \\\n  && c"),
    runs("a \\\n  not b \\\n  && c"),
  ),
  pair("a hash in a word became a comment", runs("a x#y && b"), runs("a x #y && b")),
  pair("a continuation joins two words", runs("a b \\\nc"), runs("a b\\\nc")),
  pair(
    "a lost continuation",
    "FROM x\nRUN a \\\n  && b\n",
    "FROM x\nRUN a && \\\n\n\\\n  b c\n",
  ),
  // Jobs in the background.
  pair(
    "a job is alive during the next command",
    runs("server & a", "b"),
    runs("server & a && b"),
  ),
  pair("a subshell comes into the background", runs("(a & b) && c"), runs("(a & b) & c")),
  pair(
    "a job ends in front of the next one",
    runs("for i in 1 2; do b & done"),
    runs("for i in 1 2; do b; done"),
  ),
  pair("a job moved to the foreground", runs("server & a"), runs("server; a")),
  pair("the merged list goes to the background", runs("a", "b &"), runs("a && b &")),
  // Questions that get the other answer.
  pair("a test of a file is lost", runs("if [ -f /a ]; then b; fi"), runs("true")),
  pair(
    "a question for a command is gone",
    runs("command -v a >/dev/null || b"),
    runs("true"),
  ),
  pair(
    "a command behind a loop that waits for a file is lost",
    runs("while ! test -e /ready; do sleep 1; done", "a", "b"),
    runs("while ! test -e /ready; do sleep 1; done && a"),
  ),
  pair(
    "a loop that waits for a file is gone",
    runs("while ! test -e /ready; do sleep 1; done", "a"),
    runs("a"),
  ),
  pair("a failing cd no longer stops", runs("cd /x && make"), runs("cd /x; make")),
  pair(
    "a failing write no longer stops",
    runs("echo a > /x/y && make"),
    runs("echo a > /x/y; make"),
  ),
  pair(
    "a missing file to source no longer stops",
    runs(". /x/env && make"),
    runs("(. /x/env); make"),
  ),
  pair(
    "grep's answer is turned round",
    runs("if grep -q a /b; then c; fi; d"),
    runs("grep -q a /b || c; d"),
  ),
  pair(
    "a group in the background lives on, in bash",
    bashRuns("{ a; b; } & c", "d"),
    bashRuns("{ a; b; } & c && d"),
  ),
  pair(
    "a group comes into the background, in bash",
    bashRuns("a & { b; c; }"),
    bashRuns("a & { b; c; } &"),
  ),
  pair("a job's input", bashRuns("a & b"), bashRuns("a < /x & b")),
  pair(
    "an empty input in the foreground",
    bashRuns("a && b"),
    bashRuns("a < /dev/null && b"),
  ),
  pair(
    "what one of two equal commands in a pipe decides",
    runs("(a && b) | (a && c)"),
    runs("(a && b) | (a; c)"),
  ),
  pair(
    "a builtin's output is lost beside a job",
    runs("a > /dev/null & echo hello; echo again"),
    runs("a > /dev/null & echo hello"),
  ),
  pair(
    "a file that a job writes to gets another line",
    runs("{ a & echo 1; } > /x"),
    runs("{ a & echo 2; } > /x"),
  ),
  pair(
    "the lines of a file are swapped beside a job that writes elsewhere",
    runs("{ echo 1; echo 2; } > /x; a > /y & b"),
    runs("{ echo 2; echo 1; } > /x; a > /y & b"),
  ),
];
