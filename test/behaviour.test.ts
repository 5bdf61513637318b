import { describe, expect, test } from "vitest";
import {
  findDifference,
  nothingAllowed,
  type Allowance,
  type Difference,
} from "../src/behaviour/compare.ts";
import { runSequence, type Program } from "../src/behaviour/run-sequence.ts";
import { programsPlaced } from "../src/behaviour/lookups.ts";
import { createHistories } from "../src/behaviour/state.ts";
import { readShell } from "../src/shell/dialect.ts";
import { parseScript } from "../src/shell/parse.ts";

const sh = ["/bin/sh", "-c"];
const bash = ["/bin/bash", "-c"];
const strict = ["/bin/bash", "-eo", "pipefail", "-c"];

type Row = readonly [scripts: readonly string[], merged: string];

/** The first difference between RUNs with these scripts and one RUN with the merged script. */
function difference(
  [scripts, merged]: Row,
  shell: readonly string[],
  allowance?: Allowance,
): Difference | undefined {
  const histories = createHistories();
  const graph = (texts: readonly string[]) =>
    runSequence(
      texts.map((text) => program(text, shell)),
      histories,
    );
  return findDifference(graph(scripts), graph([merged]), allowance);
}

function areSame(row: Row, shell: readonly string[]): boolean {
  return difference(row, shell) === undefined;
}

function program(text: string, words: readonly string[]): Program {
  const shell = readShell(words);
  if (!shell) throw new Error(`${words.join(" ")} is not modelled`);
  const script = parseScript(text, shell.dialect);
  return {
    kind: "script",
    script,
    shell,
    flags: "",
    upgradedInPlace: new Set(),
    placedPrograms: programsPlaced([text]),
    place: {
      isAboveWorkdir: (path) => path === "/work",
      isUser: (name) => name === "root",
    },
  };
}

function table(name: string, shell: readonly string[], same: Row[], different: Row[]) {
  describe(name, () => {
    test.each(same)("%j is %s", (scripts, merged) => {
      expect(areSame([scripts, merged], shell)).toBe(true);
    });
    test.each(different)("%j is not %s", (scripts, merged) => {
      expect(areSame([scripts, merged], shell)).toBe(false);
    });
  });
}

table(
  "lists",
  sh,
  [
    [["a", "b"], "a && b"],
    [["a", "b", "c"], "a && b && c"],
    [["a", "b", "c"], "a && { b && c; }"],
    [["a", "b", "c"], "(a && b) && c"],
    [["a && b", "c"], "a && b && c"],
    [["a || b", "c"], "a || b && c"],
    [["a || b", "c"], "{ a || b; } && c"],
    [["a || b", "c"], "(a || b) && c"],
    [["a", "b || c"], "a && { b || c; }"],
    [["a", "b || c"], "a && (b || c)"],
    [["a && b || c", "d"], "a && b || c && d"],
    [["a; b", "c"], "a; b && c"],
    [["a; b", "c"], "{ a; b; } && c"],
    [["a", "b; c"], "a && { b; c; }"],
    [["a; b || c", "d"], "a; b || c && d"],
    [["! a", "b"], "! a && b"],
    [["a", "! b"], "a && ! b"],
    [["a | b", "c"], "a | b && c"],
    [["a", "b | c"], "a && b | c"],
    [["a", "true && b"], "a && true && b"],
    [["a # note", "b"], "a && b # note"],
    [["a;", "b;"], "a && b;"],
  ],
  [
    [["a", "b"], "a; b"],
    [["a", "b"], "a || b"],
    [["a", "b"], "a & b"],
    [["a", "b"], "a | b"],
    [["a", "b"], "b && a"],
    [["a", "b"], "a"],
    [["a", "b"], "a && b && b"],
    [["a", "b"], "a && ! b"],
    [["a", "b"], "a && b || true"],
    [["a", "b"], 'a && "b"'],
    [["a", "b || c"], "a && b || c"],
    [["a", "b; c"], "a && b; c"],
    [["a", "b && c"], "a && { b; c; }"],
    [["! a", "b"], "! { a && b; }"],
    [["a | b", "c"], "a | b; c"],
    [["a | b", "c"], "a | (b && c)"],
    [["a 2>&1 | b", "c"], "a | b && c"],
    [["a > log", "b"], "a >> log && b"],
    [["a > log", "b"], "{ a && b; } > log"],
  ],
);

table(
  "compound commands",
  sh,
  [
    [["if a; then b; fi", "c"], "if a; then b; fi && c"],
    [["if a; then b; else c; fi", "d"], "{ if a; then b; else c; fi; } && d"],
    [["if a; then b; elif c; then d; fi", "e"], "if a; then b; elif c; then d; fi && e"],
    [["case $x in a) b ;; *) c ;; esac", "d"], "case $x in a) b ;; *) c ;; esac && d"],
    [["while a; do b; done", "c"], "while a; do b; done && c"],
    [["until a; do b; done", "c"], "(until a; do b; done) && c"],
    [["for i in 1 2; do a $i; done", "b"], "(for i in 1 2; do a $i; done) && b"],
    [["{ a; b; }", "c"], "{ a; b; } && c"],
    [["(a; b)", "c"], "(a; b) && c"],
  ],
  [
    [["if a; then b; fi", "c"], "if a; then b && c; fi"],
    [["if a; then b; fi", "c"], "a && b && c"],
    [["if a; then b; fi", "c"], "if a; then b; else c; fi"],
    [["case $x in a) b ;; esac", "d"], "case $x in a) b ;; *) ;; esac && d"],
    [["while a; do b; done", "c"], "until a; do b; done && c"],
    [["while a; do b; done", "c"], "while a; do b; c; done"],
    [["while a; do cd x; done", "c"], "while a; do cd x; done && c"],
    [["for i in 1 2; do a $i; done", "b"], "for i in 1 2; do a $i; done && b"],
    [["f() { a; }; f", "b"], "f() { a; }; f && b"],
  ],
);

table(
  "what a shell remembers",
  sh,
  [
    [["cd /x && a", "b"], "(cd /x && a) && b"],
    [["a", "cd /x && b"], "a && cd /x && b"],
    [["a", "cd /x; b"], "a && { cd /x; b; }"],
    [["a | (cd /x && b)", "c"], "a | (cd /x && b) && c"],
    [["x=1 a", "b"], "x=1 a && b"],
    [["x=1 && a", "b"], "(x=1 && a) && b"],
    [["export x=1 && a", "b"], "(export x=1 && a) && b"],
    [["a", "export x=1 && b"], "a && export x=1 && b"],
    [["a", "unset x && b"], "a && unset x && b"],
    [["a $(x=1; b)", "c"], "a $(x=1; b) && c"],
    [["exit 0", "b"], "(exit 0) && b"],
    [["a || exit 1", "b"], "{ a || exit 1; } && b"],
    [["a && exit 0; b", "c"], "(a && exit 0; b) && c"],
    [["trap 'x' EXIT; a", "b"], "(trap 'x' EXIT; a) && b"],
    [["a", "trap 'x' EXIT; b"], "a && { trap 'x' EXIT; b; }"],
    [["exec a", "b"], "(exec a) && b"],
    [["a", "exec b"], "a && exec b"],
    [["exec > log && a", "b"], "(exec > log && a) && b"],
    [["umask 077 && a", "b"], "(umask 077 && a) && b"],
    [["ulimit -n 9 && a", "b"], "(ulimit -n 9 && a) && b"],
    [["set -- x y && a", "b"], "(set -- x y && a) && b"],
    [["alias x=y && a", "b"], "(alias x=y && a) && b"],
    [[". ./x && a", "b"], "(. ./x && a) && b"],
    [["sudo cd /x", "b"], "sudo cd /x && b"],
  ],
  [
    [["cd /x && a", "b"], "cd /x && a && b"],
    [["cd /x && a", "b"], "{ cd /x && a; } && b"],
    [["command cd /x", "b"], "command cd /x && b"],
    [["\\cd /x", "b"], "\\cd /x && b"],
    [["x=1 && a", "b"], "x=1 && a && b"],
    [["x=1", "b"], "x=1 b"],
    [["x=1 export y=2", "b"], "x=1 export y=2 && b"],
    [["export x=1 && a", "b"], "export x=1 && a && b"],
    [["unset x", "b"], "unset x && b"],
    [["read x", "b"], "read x && b"],
    [[": ${x:=1}", "b"], ": ${x:=1} && b"],
    [["a $((x += 1))", "b"], "a $((x += 1)) && b"],
    [["exit 0", "b"], "exit 0 && b"],
    [["a && exit 0; b", "c"], "{ a && exit 0; b; } && c"],
    [["trap 'x' EXIT; a", "b"], "trap 'x' EXIT; a && b"],
    [["exec a", "b"], "exec a && b"],
    [["exec > log", "b"], "exec > log && b"],
    [["umask 077", "b"], "umask 077 && b"],
    [["ulimit -n 9", "b"], "ulimit -n 9 && b"],
    [["set -- x y", "b"], "set -- x y && b"],
    [["shift", "b"], "shift && b"],
    [["alias x=y", "b"], "alias x=y && b"],
    [[". ./x", "b"], ". ./x && b"],
    [['eval "$x"', "b"], 'eval "$x" && b'],
    [["$x /opt", "b"], "$x /opt && b"],
    [["a && . ./x", "b"], "(a && . ./x) && b"],
  ],
);

table(
  "processes that stay",
  sh,
  [
    [["a", "b & c"], "a && { b & c; }"],
    [["a", "service x start"], "a && service x start"],
    [["a", "b &"], "a && { b & }"],
  ],
  [
    [["a &", "b"], "a & b"],
    [["a & b", "c"], "{ a & b; } && c"],
    [["a & b", "c"], "(a & b) && c"],
    [["a & wait", "c"], "(a & wait) && c"],
    [["(a & b) | c", "d"], "(a & b) | c && d"],
    [["if a; then b & fi", "c"], "if a; then b & fi && c"],
    [["service x start && a", "b"], "service x start && a && b"],
    [["(service x start) && a", "b"], "(service x start) && a && b"],
    [["sudo /etc/init.d/x start", "b"], "sudo /etc/init.d/x start && b"],
    [['su -c "service x start"', "b"], 'su -c "service x start" && b'],
    [["a", "b &"], "a && b &"],
  ],
);

table(
  "errexit set by a script",
  sh,
  [
    [["set -e; a; b", "c"], "set -e; a; b && c"],
    [["set -e; a; b", "c"], "set -e && a && b && c"],
    [["set -ex; a; b", "c"], "set -ex && a && b && c"],
    [["a", "set -e; b; c"], "a && { set -e; b; c; }"],
    [["a", "set -e; if b; then c; fi; d"], "a && { set -e; if b; then c; fi; d; }"],
    [["set -e; a | b; c", "d"], "set -e && a | b && c && d"],
    [["set -e; a || b; c", "d"], "set -e; a || b; c && d"],
    [["a", "sh -ec 'b; c'"], "a && sh -ec 'b; c'"],
  ],
  [
    [["set -e; a; b", "c"], "{ set -e; a; b; } && c"],
    [["set -e; a; b", "c"], "(set -e; a; b) && c"],
    [["(set -e; a; b)", "c"], "(set -e; a; b) && c"],
    [["a", "set -e; b; c", "d"], "a && { set -e; b; c; } && d"],
    [["set -e; a && b; c", "d"], "set -e && a && b && c && d"],
    [["set -e; ! a; b", "c"], "set -e && ! a && b && c"],
    [["set -e && a", "b; c"], "set -e && a && { b; c; }"],
    [["set -e; if a; then b; c; fi", "d"], "set -e; if a; then b; c; fi && d"],
    [["set -e && a", "b $(c; d)"], "set -e && a && b $(c; d)"],
  ],
);

table(
  "other options set by a script",
  bash,
  [
    [["set -x && a", "b | c"], "set -x && a && b | c"],
    [["set -x && a", "b 2> log"], "set -x && a && b 2> log"],
    [["set -o pipefail && a", "b"], "set -o pipefail && a && b"],
    [["set -o pipefail && a", "b | c"], "(set -o pipefail && a) && b | c"],
    [
      ["set -o pipefail && a", "set -o pipefail && b | c"],
      "set -o pipefail && a && set -o pipefail && b | c",
    ],
    [["set -u && a", "b"], "set -u && a && b"],
    [["set -u && a", "b $x"], "(set -u && a) && b $x"],
    [["shopt -s extglob && a", "b"], "(shopt -s extglob && a) && b"],
  ],
  [
    [["set -o pipefail && a", "b | c"], "set -o pipefail && a && b | c"],
    [["set -o pipefail && a", "b $(c | d)"], "set -o pipefail && a && b $(c | d)"],
    [["set -u && a", "b $x"], "set -u && a && b $x"],
    [["set -u && a", 'b "${x#y}"'], 'set -u && a && b "${x#y}"'],
    [["set -x && a", "{ b; c; } 2> log"], "set -x && a && { b; c; } 2> log"],
    [["set -x && a", "b |& c"], "set -x && a && b |& c"],
    [["set -f && a", "b *"], "set -f && a && b *"],
    [["set $x && a", "b"], "set $x && a && b"],
    [["shopt -s extglob && a", "b"], "shopt -s extglob && a && b"],
    [["pushd /x && a", "b"], "pushd /x && a && b"],
    [["printf -v x 1", "b"], "printf -v x 1 && b"],
    [["x+=(1)", "b"], "x+=(1) && b"],
    [["((x++))", "b"], "((x++)) && b"],
  ],
);

table(
  "a SHELL with errexit and pipefail",
  strict,
  [
    [["a", "b"], "a && b"],
    [["a; b", "c; d"], "a; b && { c; d; }"],
    [["a; b", "c; d", "e"], "a; b && c && d && e"],
    [["a | b; c", "d"], "a | b; c && d"],
    [["a || true; b", "c"], "a || true; b && c"],
    [["a", "if b; then c; d; fi"], "a && if b; then c; d; fi"],
    [["set +e; a; b", "c"], "(set +e; a; b) && c"],
  ],
  [
    [["a; b", "c; d", "e"], "a; b && { c; d; } && e"],
    [["a; b", "c"], "{ a; b; } && c"],
    [["a; b", "c"], "(a; b) && c"],
    [["if a; then b; c; fi", "d"], "if a; then b; c; fi && d"],
    [["set +e; a", "b; c"], "set +e && a && { b; c; }"],
    [["set +o pipefail; a", "b | c"], "set +o pipefail && a && b | c"],
  ],
);

table(
  "programs that install themselves anew",
  sh,
  [
    [["pip install -U pip", "pip install x"], "(pip install -U pip) && pip install x"],
    [["pip install -U pip", "npm ci"], "pip install -U pip && npm ci"],
    [
      ["curl get-pip.py | python", "pip install x"],
      "curl get-pip.py | python && pip install x",
    ],
    [
      ["python -m pip install -U pip", "pip list"],
      "python -m pip install -U pip && pip list",
    ],
    [["npm install -g yarn", "npm ci"], "npm install -g yarn && npm ci"],
  ],
  [
    [["pip install -U pip", "pip install x"], "pip install -U pip && pip install x"],
    [["npm i -g npm@10", "npm ci"], "npm i -g npm@10 && npm ci"],
    [
      ["pip install y", "pip install -U pip", "pip install x"],
      "pip install y && (pip install -U pip) && pip install x",
    ],
    [
      ["pip list", "curl get-pip.py | python", "pip list"],
      "pip list && curl get-pip.py | python && pip list",
    ],
    [["gem update --system", "gem install x"], "gem update --system && gem install x"],
  ],
);

describe("a difference", () => {
  test("names what either build does first where they part", () => {
    expect(difference([["a", "b"], "a; c"], sh)).toMatchObject({
      original: expect.stringMatching(/^(b|the build fails)/) as string,
      rewritten: expect.stringMatching(/^c/) as string,
    });
  });

  test("lies in the flags, too", () => {
    const histories = createHistories();
    const [plain, mounted] = ["", "--mount=type=ssh"].map((flags) =>
      runSequence([{ ...program("a", sh), flags } as Program], histories),
    );
    expect(plain && mounted && findDifference(plain, mounted)).toBeDefined();
  });

  test("is none where it is allowed, and only there", () => {
    const allowance: Allowance = {
      ...nothingAllowed,
      isAdded: (words) => words.join(" ") === "rm x",
      isRemoved: (words) => words.join(" ") === "update",
      isSame: (original, rewritten) =>
        original.join(" ") === rewritten.filter((word) => word !== "-q").join(" "),
    };
    const allowed = (scripts: readonly string[], merged: string): boolean =>
      difference([scripts, merged], sh, allowance) === undefined;
    expect(allowed(["a", "b"], "a && rm x && b")).toBe(true);
    expect(allowed(["a && update", "b"], "a && b")).toBe(true);
    expect(allowed(["a", "b"], "a -q && b -q")).toBe(true);
    expect(allowed(["a", "b"], "a && rm y && b")).toBe(false);
    expect(allowed(["a && upgrade", "b"], "a && b")).toBe(false);
    expect(allowed(["a -q", "b"], "a && b")).toBe(false);
    // A failure of what was added may stop the build, but it may not be hidden.
    expect(allowed(["a", "b"], "a; rm x && b")).toBe(false);
  });

  test("of exec forms and heredocs is one of their text", () => {
    const opaque = (text: string): Program => ({ kind: "opaque", text });
    const compare = (left: string, right: string): Difference | undefined => {
      const histories = createHistories();
      return findDifference(
        runSequence([opaque(left)], histories),
        runSequence([opaque(right)], histories),
      );
    };
    expect(compare('RUN ["a"]', 'RUN ["a"]')).toBeUndefined();
    expect(compare('RUN ["a"]', 'RUN ["b"]')).toBeDefined();
  });
});
