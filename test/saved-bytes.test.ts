import { describe, expect, test } from "vitest";
import { fix } from "../src/index.ts";
import { sizeEntries } from "../src/knowledge/sizes.ts";

const install = "RUN apt-get update && apt-get install -y curl\n";

function measured(manager: string, family: string, release: string): number | undefined {
  return sizeEntries.find(
    (entry) =>
      entry.manager === manager &&
      entry.kind === "update" &&
      entry.base.family === family &&
      entry.base.release === release,
  )?.bytes;
}

function savings(text: string): (number | undefined)[] {
  return fix(text)
    .changes.filter(({ transform }) => transform !== "merge-runs")
    .map(({ savedBytes }) => savedBytes);
}

describe("what a change saves", () => {
  test.each([
    ["debian:12", "debian", "12"],
    ["debian:bookworm-slim", "debian", "12"],
    ["python:3.13-slim-trixie", "debian", "13"],
    ["ubuntu:22.04", "ubuntu", "22.04"],
    ["ubuntu:noble", "ubuntu", "24.04"],
    ["nvidia/cuda:12.4.1-base-ubuntu22.04", "ubuntu", "22.04"],
  ])("on %s is what was measured there", (image, family, release) => {
    const bytes = measured("apt", family, release);
    expect(bytes).toBeGreaterThan(1e6);
    expect(savings(`FROM ${image}\n${install}`)).toEqual([bytes]);
  });

  test("is said with where the figure comes from", () => {
    const [change] = fix(`FROM debian:12\n${install}`).changes;
    expect(change?.message).toBe(
      "Removes what apt leaves in its cache: about 20 MB (measured for apt-get update on Debian 12).",
    );
  });

  test.each(["example/base:1", "${BASE}", "registry.example.com/team/app"])(
    "on %s is not known",
    (image) => {
      expect(savings(`ARG BASE=debian:12\nFROM ${image}\n${install}`)).toEqual([
        undefined,
      ]);
    },
  );

  test("is counted once for an index that a later RUN fetches again", () => {
    const text = `FROM debian:12\n${install}COPY a /a\n${install.replace("curl", "git")}`;
    expect(savings(text)).toEqual([measured("apt", "debian", "12"), undefined]);
  });

  test("is apk's index, once for a stage", () => {
    const text = "FROM alpine:3.8\nRUN apk add curl\nCOPY a /a\nRUN apk add git\n";
    expect(savings(text)).toEqual([measured("apk", "alpine", "3.8"), undefined]);
  });

  test.each([
    ["a clean-up that goes", "RUN apk add curl && rm -rf /var/cache/apk/*\n"],
    ["a clean-up that stays", "RUN apk add curl && rm -rf /var/cache/*\n"],
    [
      "an update of its own",
      "RUN apk update && apk add curl && rm -rf /var/cache/apk/*\n",
    ],
  ])("is nothing where the RUN removes apk's index by %s", (_, text) => {
    expect(savings(`FROM alpine:3.8\n${text}`)).toEqual([undefined]);
  });

  test("is apk's index where only a later RUN removes it", () => {
    const text =
      "FROM alpine:3.8\nRUN apk add curl\nCOPY a /a\nRUN rm -rf /var/cache/apk/*\n";
    expect(savings(text)).toEqual([measured("apk", "alpine", "3.8")]);
  });

  test("is nothing where another RUN goes on leaving apk's index", () => {
    const text = 'FROM alpine:3.8\nRUN apk add curl\nRUN ["apk", "add", "git"]\n';
    expect(savings(text)).toEqual([undefined]);
  });

  test("is apk's index where only an idle update goes", () => {
    const text = "FROM alpine:3.8\nRUN apk update && apk add --no-cache curl\n";
    expect(savings(text)).toEqual([measured("apk", "alpine", "3.8")]);
  });

  test("has no figure for a cache that grows with what is installed", () => {
    expect(savings("FROM python:3.12\nRUN pip install flask\n")).toEqual([undefined]);
  });
});
