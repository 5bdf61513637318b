import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elfCollector } from "../../src/images/elf/collect-elf.ts";

const shell = readFileSync("/bin/sh");

function facts(bytes: Buffer, chunkSize: number) {
  const collector = elfCollector();
  for (let offset = 0; offset < bytes.length; offset += chunkSize) {
    collector.write(bytes.subarray(offset, offset + chunkSize));
  }
  return collector.end();
}

/** What the system's own tool says. */
function readelf(path: string) {
  const dynamic = execFileSync("readelf", ["--dynamic", path], { encoding: "utf8" });
  const headers = execFileSync("readelf", ["--program-headers", "--wide", path], {
    encoding: "utf8",
  });
  return {
    needed: [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name),
    interpreter: /program interpreter: (.*)\]/.exec(headers)?.[1],
  };
}

describe("reading ELF files", () => {
  test.each(["/bin/sh", "/bin/cp", "/usr/bin/git", "/usr/bin/readelf", process.execPath])(
    "%s",
    (path) => {
      const expected = readelf(path);
      expect(facts(readFileSync(path), 1024 * 1024)).toMatchObject(expected);
    },
  );

  test("in chunks of any size", () => {
    const whole = facts(shell, shell.length);
    expect(whole?.needed).not.toEqual([]);
    for (const size of [1, 7, 63, 64, 65, 4096])
      expect(facts(shell, size)).toEqual(whole);
  });

  test("a damaged or cut file is no crash", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1024), fc.nat(255)), { maxLength: 8 }),
        fc.nat(shell.length),
        (changes, length) => {
          const bytes = Buffer.from(shell);
          for (const [offset, value] of changes) bytes[offset] = value;
          facts(bytes.subarray(0, length), 65536);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("anything else is none", () => {
    expect(facts(Buffer.from("#!/bin/sh\n"), 4)).toBeUndefined();
    expect(facts(Buffer.alloc(0), 1)).toBeUndefined();
    expect(facts(Buffer.from("\x7fELF"), 1)).toBeUndefined();
  });
});
