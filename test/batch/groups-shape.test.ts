import { describe, expect, test } from "vitest";
import { shapeOf } from "../../src/batch/groups/shape.ts";
import { fix } from "../../src/index.ts";
import { unifiedDiff } from "../../src/output/diff.ts";

function shapeOfFix(text: string) {
  const { output, changes } = fix(text);
  expect(output).not.toBe(text);
  const diff = unifiedDiff("Dockerfile", text, output);
  return shapeOf({ hunks: diff.slice(diff.indexOf("@@")), changes });
}

const installs = (...packages: string[]) =>
  `FROM debian:12\nRUN apt-get update && apt-get install -y ${packages.join(" ")}\nCMD ["sh"]\n`;

describe("the shape of a change", () => {
  test("is the same whatever the packages are called, and the hunk isn't", () => {
    const [one, other] = [
      shapeOfFix(installs("curl")),
      shapeOfFix(installs("git", "jq")),
    ];
    expect(one.shape).toBe(other.shape);
    expect(one.label).toBe("clean-package-cache: + rm -rf /var/lib/apt/lists/*");
    expect(one.hunk).not.toBe(other.hunk);
  });

  test("doesn't count how many RUNs were merged, nor what they were", () => {
    const two = shapeOfFix("FROM scratch\nRUN a /x\nRUN b\n");
    const three = shapeOfFix("FROM debian:12\nENV A=1\nRUN x\nRUN y --z=1\nRUN zz\n");
    expect(three.shape).toBe(two.shape);
    expect(two.label).toBe("merge-runs: − RUN");
  });

  test("tells commands in a subshell from others", () => {
    const plain = shapeOfFix("FROM debian:12\nRUN a\nRUN b\n");
    const inFolder = shapeOfFix("FROM debian:12\nRUN cd /x && a\nRUN b\n");
    expect(inFolder.shape).not.toBe(plain.shape);
    expect(inFolder.label).toBe("merge-runs: − RUN + ( )");
  });

  test("tells one clean-up from another", () => {
    const apt = shapeOfFix(installs("curl"));
    const dnf = shapeOfFix("FROM fedora:41\nRUN dnf install -y curl\n");
    expect(dnf.shape).not.toBe(apt.shape);
    expect(dnf.label).toContain("dnf clean all");
  });

  test("has equal hunks where only lines before it differ in number", () => {
    const context = "ENV A=1\nENV B=2\nENV C=3\n";
    const tail = "RUN a\nRUN b\n";
    const [short, long] = [
      shapeOfFix(`FROM debian:12\n${context}${tail}`),
      shapeOfFix(`FROM debian:12\nENV X=1\n${context}${tail}`),
    ];
    expect(long.hunk).toBe(short.hunk);
  });

  test("tells a rule of another level, and two hunks from one", () => {
    const changes = [{ transform: "merge-runs", level: "safe" as const }];
    const hunks = "@@ -1,2 +1,1 @@\n-RUN a\n+RUN b\n";
    const unsafe = [{ transform: "merge-runs", level: "unsafe" as const }];
    expect(shapeOf({ hunks, changes: unsafe }).shape).not.toBe(
      shapeOf({ hunks, changes }).shape,
    );
    expect(shapeOf({ hunks, changes }).hunk).not.toBe(
      shapeOf({ hunks: "@@ -1,1 +0,0 @@\n-RUN a\n@@ -9,0 +8,1 @@\n+RUN b\n", changes })
        .hunk,
    );
  });

  test("has a label of one short line without the file's own words", () => {
    const secret = "p4ssw0rd";
    const hunks = `@@ -1,1 +1,1 @@\n-RUN a\n+RUN ${secret} "${secret}" x=${secret} --k=${secret} /${secret} # ${secret}\u001b[31m\n`;
    const { label } = shapeOf({
      hunks,
      changes: [{ transform: "merge-runs", level: "safe" }],
    });
    expect(label).not.toContain(secret);
    // eslint-disable-next-line no-control-regex -- a terminal obeys them
    expect(label).not.toMatch(/[\u0000-\u001f]/);
    expect(label.length).toBeLessThanOrEqual(160);
  });
});
