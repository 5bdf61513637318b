/** RUN instructions: one script in one of the forms and layouts that Dockerfiles have. */
import fc from "fast-check";
import { render } from "./marks.ts";
import { plainScript, trickyScript } from "./scripts.ts";
import type { Dialect } from "./words.ts";

const inLine = [" ", " ", " ", "  ", "\t"];

/** `^` stands for the file's escape character. */
const continuations = [
  " ^\n    ",
  " ^\n    ",
  " ^\n  ",
  " ^\n\t",
  " ^\n",
  "^\n ",
  " ^\n# note\n    ",
  " ^\n    # note ^\n    ",
  " ^\n\n    ",
  " ^\n  # it's && more; x\n\n  # b\n  ",
  " ^  \n    ",
  " \t^\n        ",
];

const flagLists = [
  "--mount=type=cache,target=/root/.cache",
  "--mount=type=cache,target=/root/.cache/pip",
  "--mount=type=cache,target=/var/lib/apt,sharing=locked",
  "--mount=type=cache,target=/var/cache/apk",
  "--mount=type=bind,source=.,target=/src",
  "--mount=type=tmpfs,target=/tmp",
  "--mount=type=secret,id=token",
  "--network=none",
  "--security=insecure",
  "--network=default --mount=type=cache,target=/c",
];

/** After a script that is written on lines, and before the instruction's last newline. */
const tails = [
  " # note",
  " #note && more",
  "   # it's",
  " ;",
  "  ",
  " # hadolint ignore=DL3003",
  " # note ^\n    more",
  " &&^\n    true",
  " || true",
  "; true",
  " &",
  " ^\n    ; make",
];

export interface RunStyle {
  readonly keyword: string;
  /** White space behind the keyword. */
  readonly space: string;
  readonly gaps: readonly string[];
  readonly seams: boolean;
  readonly tail: string;
}

const style: fc.Arbitrary<RunStyle> = fc.record({
  keyword: frequently("RUN", "run", "Run"),
  space: frequently(" ", "  ", "\t", " ^\n    ", " ^\n# note\n  "),
  gaps: fc.oneof(
    { arbitrary: fc.constant([]), weight: 4 },
    {
      arbitrary: fc.array(fc.constantFrom(...inLine, ...continuations), { maxLength: 7 }),
      weight: 4,
    },
  ),
  seams: frequently(false, true),
  tail: frequently("", ...tails),
});

/** The first value most of the time, and the one to shrink to. */
function frequently<Value>(
  usual: Value,
  ...others: readonly Value[]
): fc.Arbitrary<Value> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight: 8 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );
}

/** A RUN in shell form, written on one line or several. */
function shellForm(script: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(style, frequently("", ...flagLists), script)
    .map(([{ keyword, space, gaps, seams, tail }, flags, marked]) => {
      const text = render(marked, {
        gap: (index) => gaps[index % gaps.length] ?? " ",
        separator: ";",
        seam: () => (seams ? "^\n" : ""),
      });
      const end = text.endsWith("&") && /^ [;&|]/.test(tail) ? "" : tail;
      return [keyword, space, flags, flags === "" ? "" : " ", text, end].join("");
    });
}

const heredocMarks = ["<<EOF", "<<'EOF'", '<<"EOF"', "<<-EOF", "<<EOF ", "<<E_1"];
const firstLines = [
  "",
  "",
  "",
  "#!/bin/sh\n",
  "#!/bin/bash -e\n",
  "# note\n",
  "set -ex\n",
];

/** A RUN whose script is a heredoc, and one with a document for a command's input. */
function heredocForm(script: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const own = fc
    .tuple(fc.constantFrom(...heredocMarks), fc.constantFrom(...firstLines), script)
    .map(([mark, first, marked]) => {
      const text = render(marked, lines);
      return `RUN ${mark}\n${first}${text}\n${mark.replace(/[<'"\s-]/g, "")}`;
    });
  const document = fc
    .tuple(
      fc.constantFrom(
        "cat <<EOF > /x",
        "<<EOF cat > /x",
        "sh <<EOF",
        "make <<'EOF' && go",
      ),
      script,
    )
    .map(([command, marked]) => `RUN ${command}\n${render(marked, lines)}\nEOF`);
  return fc.oneof({ arbitrary: own, weight: 3 }, { arbitrary: document, weight: 1 });
}

const lines = { gap: () => " ", separator: "\n", seam: () => "" };

const execForms = [
  'RUN ["make", "install"]',
  'RUN ["/bin/sh", "-c", "cd /w && make"]',
  'RUN ["apt-get", "update"]',
  'RUN [ "pip", "install", "x" ]',
  "RUN [make]",
  'RUN ["make", ]',
  "RUN ['make']",
  "RUN [ -f /etc/conf ] && make",
];

export function runInstruction(dialect: Dialect): fc.Arbitrary<string> {
  const plain = plainScript(dialect);
  const tricky = trickyScript(dialect);
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: shellForm(plain), weight: 10 },
    { arbitrary: shellForm(tricky), weight: 10 },
    { arbitrary: heredocForm(tricky), weight: 1 },
    { arbitrary: fc.constantFrom(...execForms), weight: 1 },
  );
}
