import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { allowanceFor } from "../../src/engine/allowance.ts";
import { whyUnproven } from "../../src/engine/proof.ts";

describe("a declared update", () => {
  const first = "apt-get update && apt-get install a";
  const [command, reader] = ["apt-get update", "apt-get install b"];
  /** What speaks against the update in the last RUN, where the first one is said to have it. */
  const why = (
    before: string,
    after: string,
    { from = 0, to = 1 }: { readonly from?: number; readonly to?: number } = {},
  ): string | undefined => {
    const dockerfile = parseDockerfile(before);
    const runs = dockerfile.instructions.filter(({ keyword }) => keyword === "RUN");
    const [one, two] = [runs[from], runs[to]];
    if (!one || !two) throw new Error("The example has too few RUNs.");
    const updates = [{ from: one, to: two, command, reader }];
    const allowance = allowanceFor([{ addedUpdates: updates }]);
    return whyUnproven(dockerfile, parseDockerfile(after), allowance, [], [], updates);
  };
  const file = (second: string, middle = "COPY a /a", start = first): string =>
    `FROM x\nRUN ${start}\n${middle}\nRUN ${second}\n`;

  test("is accepted right in front of its install", () => {
    expect(why(file(reader), file(`${command} && ${reader}`))).toBeUndefined();
    expect(
      why(file(`${reader} || c`), file(`${command} && ${reader} || c`)),
    ).toBeUndefined();
  });

  test("is refused in front of another command", () => {
    expect(
      why(file(`c && ${reader}`), file(`${command} && c && ${reader}`)),
    ).toBeTruthy();
    expect(why(file("c; d"), file(`${command} && c; d`))).toBeTruthy();
    expect(why(file(reader), file(`${reader} && ${command}`))).toBeTruthy();
  });

  test("is refused where its failure leads elsewhere", () => {
    expect(why(file(reader), file(`${command}; ${reader}`))).toBeTruthy();
    const goesOn = `set -e; ${reader}; c`;
    expect(why(file(goesOn), file(`set -e; ${command} && ${reader}; c`))).toBeTruthy();
  });

  test("is refused in front of its first time", () => {
    const after = `FROM x\nRUN ${command} && ${reader}\nCOPY a /a\nRUN ${first}\n`;
    const before = `FROM x\nRUN ${reader}\nCOPY a /a\nRUN ${first}\n`;
    expect(why(before, after, { from: 1, to: 0 })).toBeTruthy();
  });

  test("is refused in another stage", () => {
    const [before, after] = [reader, `${command} && ${reader}`].map((second) =>
      file(second, "FROM y"),
    );
    expect(why(before ?? "", after ?? "")).toBeTruthy();
  });

  test("is refused under flags", () => {
    const flag = "--network=none";
    expect(
      why(file(`${flag} ${reader}`), file(`${flag} ${command} && ${reader}`)),
    ).toBeTruthy();
  });

  test("is refused for another user", () => {
    expect(
      why(file(reader, "USER u"), file(`${command} && ${reader}`, "USER u")),
    ).toBeTruthy();
  });

  test("is refused where the first need not have succeeded", () => {
    const start = `${command} || true`;
    expect(
      why(
        file(reader, "COPY a /a", start),
        file(`${command} && ${reader}`, "COPY a /a", start),
      ),
    ).toBeTruthy();
  });
});
