import { expect, test } from "vitest";
import { decideWave, wavePlaces, type WaveCount } from "../../src/batch/apply/waves.ts";

const settings = { waves: [2, 3], stop: { red: 0.25, closed: 0.25 } };

/** One letter each: planned, Pushed, open (o, its checks red r, green g), merged, closed, failed. */
function counts(letters: string): WaveCount[] {
  const states = {
    p: { state: "planned", checks: "none" },
    P: { state: "pushed", checks: "none" },
    o: { state: "open", checks: "pending" },
    n: { state: "open", checks: "none" },
    g: { state: "open", checks: "green" },
    r: { state: "open", checks: "red" },
    m: { state: "merged", checks: "green" },
    c: { state: "closed", checks: "green" },
    f: { state: "failed", checks: "none" },
  } as const;
  const places = wavePlaces(settings.waves);
  return Array.from(letters).map((letter, place) => ({
    wave: places.findIndex(({ end }) => place < end),
    targets: 1,
    ...states[letter as keyof typeof states],
  }));
}

const decided = (letters: string, ignoreStop = false) => {
  const decision = decideWave(counts(letters), settings, ignoreStop);
  return decision.kind === "done" ? "done" : `${decision.kind} ${decision.wave.number}`;
};

test.each([
  ["the first wave starts", "pppppppp", "go 1"],
  ["what was pushed gets its request first", "Pgpppppp", "go 1"],
  ["the next one waits for checks", "goppppppp", "wait 1"],
  ["requests without checks keep nobody waiting", "nnpppppp", "go 2"],
  ["a failure of one repository keeps nobody waiting", "gfpppppp", "go 2"],
  ["the last wave takes all the others", "ggmmgppp", "go 3"],
  ["red checks keep the next one from starting", "gggrrppp", "stop 3"],
  ["so do requests that people have closed", "gcpppppp", "stop 2"],
  ["a few of either are to be expected", "ggggrppp", "go 3"],
  ["where all is done, nothing is stopped either", "ggccg", "done"],
])("%s", (_, letters, expected) => {
  expect(decided(letters)).toBe(expected);
});

test("a person may look and go on", () => {
  expect(decided("gcpppppp", true)).toBe("go 2");
});
