/** Real Dockerfiles with RUNs of others among their own, and with small changes to their text. */
import fc from "fast-check";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { allIds, type FuzzCase } from "./dockerfiles.ts";
import { barriers, comments, configuration, images } from "./lines.ts";

/** Changes the instructions of a Dockerfile; numbers choose by their remainders. */
type Mutation = (pieces: string[], choice: Choice) => string[];

interface Choice {
  /** The instruction. */
  readonly at: number;
  /** What is put there, or a place in it. */
  readonly what: number;
}

/** What comes before and behind the script of a RUN. */
const wraps: readonly (readonly [string, string])[] = [
  ["{ ", "; }"],
  ["( ", " )"],
  ["(", ")"],
  ["if true; then ", "; fi"],
  ["if [ -f /x ]; then ", "; else make; fi"],
  ["for i in 1 2; do ", "; done"],
  ["f() { ", "; }; f"],
  ["set -e; ", ""],
  ["set -ex; ", ""],
  ["set -eux && ", ""],
  ["set +e; ", ""],
  ["set -u && ", ""],
  ["set -x && ", ""],
  ["set -o pipefail && ", ""],
  ["cd /tmp && ", ""],
  ["cd /tmp; ", ""],
  ["", " && cd /opt"],
  ["export A=1 && ", ""],
  ["A=1; ", ""],
  ["umask 027 && ", ""],
  ["trap 'make' EXIT; ", ""],
  ["! ", ""],
  ["[ -f /x ] && ", ""],
  ["[ -f /x ] || ", ""],
  ['test -n "$A" && ', " || exit 0"],
  ["exec ", ""],
  ["sudo ", ""],
  ["", " || true"],
  ["", " || :"],
  ["", "; true"],
  ["", "; exit 0"],
  ["", " || exit 1"],
  ["", " || { make; exit 1; }"],
  ["", " && true"],
  ["", ";"],
  ["", " # note"],
  ["", " > /dev/null"],
  ["", " 2>&1 | tee /log"],
  ["yes | ", ""],
  ["--mount=type=cache,target=/var/cache/apt ", ""],
  ["--mount=type=cache,target=/root/.cache ", ""],
  ["--mount=type=secret,id=a ", ""],
  ["--network=none ", ""],
];

/** What is replaced by what in an instruction, at one of the places where it stands. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\s&&\s/g, " ; "],
  [/\s&&\s/g, " || "],
  [/\s&&\s/g, " | "],
  [/;\s/g, " && "],
  [/\|\|\s/g, "&& "],
  [/(?<=&&\s)/g, "sudo "],
  [/(?<=&&\s)/g, "cd /usr && "],
  [/(?<=&&\s)/g, "set -e && "],
  [/(?<=&&\s)/g, "set +e; "],
  [/(?<=&&\s)/g, "A=$(make) && "],
  [/(?<=&&\s)/g, "exit 0 && "],
  [/(?<=\\\n)/g, "# note\n"],
  [/(?<=\\\n)/g, "\n"],
  [/(?<=\\)\n/g, " \t\n"],
  [/\s*\\\n\s*/g, " "],
  [/ (?=\S+)/g, " \\\n"],
  [/\s+rm -rf? \/var\/lib\/apt\/lists\S*/g, " true"],
  [/\s+(apt-get|yum|dnf|apk|npm cache|conda) (clean|autoclean)[ \w-]*/g, " true"],
  [/ --(no-cache|no-cache-dir)\b/g, ""],
  [/\bapt-get update\b/g, "make"],
  [/\bapt-get install\b/g, "apt-get -o A=b install"],
  [/\bapt-get\b/g, "apt"],
  [/\bpip3? install\b/g, "python3 -m pip install"],
  [/\bnpm (install|ci)\b/g, "npm --prefix /app $1"],
  [/^RUN\b/gi, "run"],
  [/^RUN\b/gi, "ONBUILD RUN"],
];

const mutations: readonly (readonly [number, Mutation])[] = [
  [
    6,
    (pieces, { at, what }) =>
      changed(pieces, at, isShellRun, (piece) => {
        const [before, behind] = wraps[what % wraps.length] ?? ["", ""];
        const [, keyword = "", script = ""] =
          /^((?:[^]*\n)?\s*RUN\s+(?:--\S+\s+)*)([^]*)$/i.exec(piece) ?? [];
        return keyword === "" ? piece : `${keyword}${before}${script}${behind}`;
      }),
  ],
  [
    6,
    (pieces, { at, what }) =>
      changed(pieces, at, isShellRun, (piece) => {
        const [pattern, by] = replacements[what % replacements.length] ?? [/$^/g, ""];
        const places = [...piece.matchAll(pattern)];
        const place =
          places[Math.floor(what / replacements.length) % (places.length || 1)];
        if (!place) return piece;
        const text = place[0].replace(new RegExp(pattern.source, "i"), by) || by;
        return (
          piece.slice(0, place.index) + text + piece.slice(place.index + place[0].length)
        );
      }),
  ],
  [
    3,
    (pieces, { at, what }) =>
      inserted(
        pieces,
        at,
        [...barriers, ...configuration, ...comments][
          what % (barriers.length + configuration.length + comments.length)
        ] ?? "",
      ),
  ],
  [
    1,
    (pieces, { at }) =>
      pieces.filter((_, index) => index === 0 || index !== at % pieces.length),
  ],
  [1, (pieces, { at }) => inserted(pieces, at, pieces[at % pieces.length] ?? "")],
  [
    2,
    (pieces, { at, what }) => {
      const from = 1 + (at % Math.max(1, pieces.length - 1));
      const piece = pieces[from];
      return piece === undefined
        ? pieces
        : inserted(pieces.toSpliced(from, 1), what, piece);
    },
  ],
  [
    1,
    (pieces, { at, what }) =>
      changed(pieces, at, isFrom, (piece) =>
        piece.replace(
          /(FROM\s+)\S+([^\n]*)$/i,
          `$1${images[what % images.length] ?? "debian:12"}$2`,
        ),
      ),
  ],
];

/** A RUN in shell form without a heredoc, with what stands before it. */
function isShellRun(piece: string): boolean {
  return /^\s*RUN\s+(?!\s*\[)/im.test(piece) && !piece.includes("<<");
}

function isFrom(piece: string): boolean {
  return /^\s*FROM\s/i.test(piece.slice(piece.lastIndexOf("\n") + 1));
}

function changed(
  pieces: readonly string[],
  at: number,
  isMeant: (piece: string) => boolean,
  change: (piece: string) => string,
): string[] {
  const meant = pieces.filter(isMeant);
  const one = meant[at % (meant.length || 1)];
  return pieces.map((piece) => (piece === one ? change(piece) : piece));
}

/** Not before the first FROM. */
function inserted(pieces: readonly string[], at: number, piece: string): string[] {
  const first = 1 + pieces.findIndex(isFrom);
  return pieces.toSpliced(first + (at % (pieces.length - first + 1)), 0, piece);
}

/** Instructions, each with what stands before it. */
function piecesOf(text: string): string[] {
  const { instructions, problems } = parseDockerfile(text);
  if (problems.length > 0) return [];
  let start = 0;
  return instructions.map(({ range }) => {
    const piece = text.slice(start, range.end);
    start = range.end;
    return piece.replace(/^\r?\n/, "");
  });
}

const weighted = mutations.flatMap(([weight, mutation]) =>
  Array.from({ length: weight }, () => mutation),
);

export function mutantCase(files: readonly string[]): fc.Arbitrary<FuzzCase> {
  const read = files.map(piecesOf).filter((pieces) => pieces.length > 1);
  const runs = read.flatMap((pieces) => pieces.filter(isShellRun));
  const insert: Mutation = (pieces, { at, what }) =>
    inserted(pieces, at, runs[what % runs.length] ?? "");
  const all = [...weighted, ...Array.from({ length: 6 }, () => insert)];
  const number = fc.nat();
  const step = fc.record({ mutation: fc.constantFrom(...all), at: number, what: number });
  return fc
    .record({
      file: fc.nat(),
      steps: fc.array(step, { minLength: 1, maxLength: 6 }),
      ids: fc.shuffledSubarray([...allIds]),
    })
    .map(({ file, steps, ids }) => {
      const pieces = steps.reduce(
        (result, { mutation, ...choice }) => mutation(result, choice),
        read[file % read.length] ?? [],
      );
      const text = `${pieces.join("\n")}\n`.replace(/ \^(?=\n)/g, " \\");
      return { text, options: {}, ids };
    });
}
