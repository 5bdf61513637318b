/** Simple commands: ordinary ones, and those that change or read their shell. */
import fc from "fast-check";
import { gap, spaced } from "./marks.ts";
import { redirection, word, type Dialect } from "./words.ts";

const programs = [
  "make",
  "make install",
  "./configure --prefix=/usr",
  "curl -fsSLO https://example.org/a.tgz",
  "curl -o /tmp/a.tgz https://example.org/a.tgz",
  "wget -q https://example.org/a.tgz",
  "tar xzf /tmp/a.tgz -C /opt",
  "rm -rf /tmp/a.tgz",
  "rm -rf /tmp/build",
  "mkdir -p /opt/app",
  "mv /tmp/a /opt/b",
  "cp -r a /opt/b",
  "ln -s /opt/b /usr/local/bin/b",
  "chmod +x /usr/local/bin/b",
  "chown -R app /opt",
  "useradd -m app",
  "sed -i 's/a/b/' /etc/conf",
  "touch /tmp/x",
  "echo hello",
  "printf '%s\\n' a",
  "cat",
  "cat /etc/os-release",
  "ls -l",
  "pwd",
  "true",
  ":",
  "git clone https://example.org/r.git /src",
  "ldconfig",
  "show",
  "env",
];

const questions = [
  "[ -f /etc/conf ]",
  "test -d /opt",
  '[ "$A" = x ]',
  "grep -q x /etc/conf",
  "command -v curl",
  "which git",
  "id app",
  "false",
  "[ ! -e /x ]",
];

/** What one of these does to its shell may show in the next RUN. */
const stateChangers = [
  "cd /w",
  "cd src",
  "cd /w && make",
  "cd -",
  "cd",
  "A=1",
  "A=$(make version)",
  "A=1 B=2 make",
  "export A=1",
  "export A=1 && make",
  "export PATH=/opt/bin:$PATH",
  "export A",
  "unset A",
  "readonly R=1",
  "set -e",
  "set -ex",
  "set -x",
  "set -u",
  "set -f",
  "set -a",
  "set -v",
  "set -eu",
  "set +e",
  "set -e; make",
  "set -ex; make; make install",
  "set -- a b",
  "set -C",
  "shift",
  "umask 027",
  "ulimit -n 64",
  "alias ll='ls -l'",
  "trap 'rm -f /tmp/lock' EXIT",
  "trap 'echo bye' 0",
  "trap '' TERM",
  "trap - EXIT",
  ". /opt/env",
  ". ./env.sh && make",
  "eval 'A=3'",
  'eval "$A"',
  "exec 3> /tmp/log",
  "exec > /tmp/log",
  "exec make",
  "exit",
  "exit 0",
  "exit 1",
  "return 0",
  "read A < /opt/in",
  "wait",
  "hash -r",
  "IFS=:",
  "OPTIND=1",
  "getopts ab A",
  "cd /w || exit 1",
  "cd() { command cd /z; }",
  "make() { command make -j; }",
  "go() { cd /w; make; }",
  "go() { set -e; make; make test; }",
  "go",
  "service db start",
  "/etc/init.d/db start",
  "nginx",
  "nohup server > /dev/null < /dev/null &",
  "kill 77",
];

const bashStateChangers = [
  "set -o pipefail",
  "set -eo pipefail",
  "set -euxo pipefail",
  "shopt -s nullglob",
  "shopt -s extglob",
  "source /opt/env",
  "LIST=(a b)",
  "declare -x A=1",
  "declare -a LIST",
  "local A",
  "pushd /w",
  "popd",
  "let A=1",
  "((A=1))",
  "((A++))",
  "[[ -f /etc/conf && $A == x* ]]",
  "[[ $A =~ ^(a|b)$ ]]",
  "function go { make; }",
  "time make",
  "mapfile -t LIST < /opt/in",
  "trap 'echo err' ERR",
  "trap 'echo cmd' DEBUG",
  "coproc server",
  "exec {fd}> /tmp/log",
  "enable -n test",
  "printf -v A %s x",
  "disown -a",
  "produce |& tee /tmp/log",
  "export -f go",
  "BASH_ENV=/x",
];

export function simpleCommand(dialect: Dialect): fc.Arbitrary<string> {
  const program = fc
    .tuple(
      fc.constantFrom(...programs),
      fc.array(word(dialect), { maxLength: 2 }),
      fc.array(redirection(dialect), { maxLength: 1 }),
      fc.constantFrom("", "", "", "", "A=5 ", "sudo ", "env B=6 "),
    )
    .map(([name, words, targets, prefix]) =>
      [spaced(prefix + name), ...words, ...targets].join(gap),
    );
  return fc.oneof(
    { arbitrary: fc.constantFrom(...programs).map(spaced), weight: 6 },
    { arbitrary: program, weight: 6 },
    { arbitrary: fc.constantFrom(...questions).map(spaced), weight: 1 },
  );
}

export function stateChange(dialect: Dialect): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...stateChangers).map(spaced), weight: 5 },
    {
      arbitrary: fc.constantFrom(...bashStateChangers).map(spaced),
      weight: dialect === "bash" ? 4 : 0,
    },
  );
}

export function question(): fc.Arbitrary<string> {
  return fc.constantFrom(...questions).map(spaced);
}
