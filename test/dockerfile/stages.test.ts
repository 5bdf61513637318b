import { expect, test } from "vitest";

import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { ImageReference, Stage } from "../../src/dockerfile/types.ts";

function stagesOf(text: string): readonly Stage[] {
  return parseDockerfile(text).stages;
}

function imageOf(text: string): ImageReference | undefined {
  const base = stagesOf(text).at(-1)?.base;
  return base?.kind === "image" ? base.image : undefined;
}

test.each([
  ["debian", undefined, "debian", undefined, undefined],
  ["debian:12-slim", undefined, "debian", "12-slim", undefined],
  ["library/debian", undefined, "library/debian", undefined, undefined],
  ["team/app.web", undefined, "team/app.web", undefined, undefined],
  ["team/app.web:1.2", undefined, "team/app.web", "1.2", undefined],
  ["localhost/a", "localhost", "a", undefined, undefined],
  ["localhost:5000/a", "localhost:5000", "a", undefined, undefined],
  ["host:5000/a/b", "host:5000", "a/b", undefined, undefined],
  ["host:5000/a/b:c", "host:5000", "a/b", "c", undefined],
  ["a@sha256:0f", undefined, "a", undefined, "sha256:0f"],
  ["a:b@sha256:0f", undefined, "a", "b", "sha256:0f"],
  ["ghcr.io/a/b/c:1", "ghcr.io", "a/b/c", "1", undefined],
  ["host:5000/a/b:c@sha256:0f", "host:5000", "a/b", "c", "sha256:0f"],
])("image %s", (text, registry, repository, tag, digest) => {
  expect(imageOf(`FROM ${text}`)).toEqual({
    text,
    resolved: text,
    registry,
    repository,
    tag,
    digest,
  });
});

test.each([
  ["ARG V=12\nFROM debian:$V", "debian:12"],
  ["ARG V=12\nFROM debian:${V}-slim", "debian:12-slim"],
  ["ARG V\nFROM debian:${V:-11}", "debian:11"],
  ["FROM debian:${V-11}", "debian:11"],
  ["ARG V=\nFROM debian:${V:-11}", "debian:11"],
  ["ARG V=\nFROM debian${V-:11}", "debian"],
  ["ARG V=1\nFROM debian${V:+:$V}", "debian:1"],
  ["FROM debian${V:+:1}", "debian"],
  ["ARG A=deb B=ian\nFROM $A$B", "debian"],
  ["ARG A=deb\nARG B=${A}ian:12\nFROM $B", "debian:12"],
  ["ARG I='debian:12'\nFROM \"$I\"", "debian:12"],
  ["ARG V\nFROM debian:$V", undefined],
  ["FROM debian:$V", undefined],
  ["FROM debian:${TARGETARCH:-amd64}", undefined],
  ["ARG V=1.2\nFROM debian:${V%.*}", undefined],
  ["FROM debian\nARG V=1\nFROM debian:$V", undefined],
])("%j resolves", (text, resolved) => {
  const image = imageOf(text);
  expect(image?.resolved).toBe(resolved);
  if (resolved === undefined) {
    expect(image?.repository).toBeUndefined();
    expect(image?.tag).toBeUndefined();
  }
});

test("stages stand on earlier stages, by name in any case", () => {
  const stages = stagesOf(
    "ARG B=one\nFROM later AS One\nFROM ONE AS later\nRUN a\nFROM $B\nFROM one AS one\nFROM one",
  );
  expect(
    stages.map(({ name, base }) => [
      name,
      base.kind === "stage" ? base.stage.index : base.kind,
    ]),
  ).toEqual([
    ["one", "image"],
    ["later", 0],
    [undefined, 0],
    ["one", 0],
    [undefined, 3],
  ]);
  expect(stages[1]?.instructions.map(({ keyword }) => keyword)).toEqual(["FROM", "RUN"]);
});

test("scratch and platforms", () => {
  const [first, second] = stagesOf("FROM scratch\nFROM --platform=linux/arm64 a");
  expect(first?.base).toEqual({ kind: "scratch" });
  expect(first?.platform).toBeUndefined();
  expect(second?.platform).toBe("linux/arm64");
});

test("instructions know their stage and their place", () => {
  const { instructions, stages } = parseDockerfile("ARG a\nFROM b\nRUN c\nFROM d\nRUN e");
  expect(instructions.map(({ stage }) => stage?.index)).toEqual([undefined, 0, 0, 1, 1]);
  expect(instructions.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  expect(stages[1]?.from).toBe(instructions[3]);
});
