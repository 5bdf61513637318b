import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { cacheSize, sizeEntries, sizeInWords } from "../src/knowledge/sizes.ts";

const text = v.pipe(v.string(), v.regex(/\w/));
const word = v.pipe(v.string(), v.regex(/^[a-z]+$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const entrySchema = v.pipe(
  v.strictObject({
    manager: word,
    kind: word,
    command: text,
    base: v.strictObject({
      image: text,
      family: word,
      release: v.pipe(v.string(), v.regex(/^\d+(\.\d+)*$/)),
      name: text,
    }),
    cache: v.pipe(v.array(v.pipe(v.string(), v.startsWith("/"))), v.minLength(1)),
    bytes: count,
    bound: v.picklist(["about", "at least"]),
    per: v.optional(
      v.strictObject({ unit: v.picklist(["packages", "downloaded bytes"]), count }),
    ),
    method: v.picklist(["measured", "published"]),
    how: text,
    source: v.optional(v.pipe(v.string(), v.url())),
    date: v.pipe(v.string(), v.isoDate()),
  }),
  v.check(
    ({ method, source }) => (method === "published") === (source !== undefined),
    "a published figure has a source, a measured one is its own",
  ),
  v.check(({ base }) => base.name.endsWith(base.release), "the name has the release"),
);

test.each(
  sizeEntries.map((entry) => {
    const { manager, kind, command, base } = entry;
    return [`${manager} ${kind}: ${command} on ${base.image}`, entry] as const;
  }),
)("all fields are there and valid: %s", (_, entry) => {
  const { issues } = v.safeParse(entrySchema, entry);
  expect(issues === undefined ? "" : v.summarize(issues)).toBe("");
});

test("each figure is there once", () => {
  const keys = sizeEntries.map(({ manager, kind, command, base }) =>
    JSON.stringify([manager, kind, command, base]),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

describe("the lookup", () => {
  const aptUpdate = { manager: "apt", kind: "update" };

  test("finds the release", () => {
    const size = cacheSize({ ...aptUpdate, family: "debian", release: "12" });
    expect(size?.isExact).toBe(true);
    expect(size?.wording).toMatch(
      /^about \d+ MB \(measured for apt-get update on Debian 12\)$/,
    );
    expect(size?.bytes).toBe(size?.entry.bytes);
  });

  test("falls back to the nearest release of the family, and says so", () => {
    const size = cacheSize({ ...aptUpdate, family: "debian", release: "11" });
    expect(size?.isExact).toBe(false);
    expect(size?.wording).toContain("on Debian 12");
    const old = cacheSize({ ...aptUpdate, family: "ubuntu", release: "20.04" });
    expect(old?.wording).toContain("on Ubuntu 22.04");
  });

  test("falls back to the smallest figure for an unknown family", () => {
    const smallest = Math.min(
      ...sizeEntries
        .filter(({ manager, kind }) => manager === "apt" && kind === "update")
        .map(({ bytes }) => bytes),
    );
    for (const query of [aptUpdate, { ...aptUpdate, family: "mint", release: "21" }]) {
      const size = cacheSize(query);
      expect(size?.isExact).toBe(false);
      expect(size?.bytes).toBe(smallest);
    }
  });

  test("tells a published figure from a measured one", () => {
    const size = cacheSize({ manager: "apk", kind: "update", family: "alpine" });
    expect(size?.wording).toBe(
      "about 1.3 MB (published for apk add without --no-cache on Alpine 3.8)",
    );
    expect(size?.isExact).toBe(false);
  });

  test("knows nothing of managers and commands without a figure", () => {
    expect(cacheSize({ manager: "zypper", kind: "update" })).toBeUndefined();
    expect(cacheSize({ manager: "apt", kind: "source" })).toBeUndefined();
  });

  test("guesses nothing that grows with the packages", () => {
    expect(cacheSize({ manager: "npm", kind: "install" })).toBeUndefined();
  });

  test("takes the lowest share of what was measured", () => {
    const entries = sizeEntries.filter(
      ({ manager, kind }) => manager === "npm" && kind === "install",
    );
    expect(entries.length).toBeGreaterThan(1);
    const shares = entries.map(({ bytes, per }) => bytes / (per?.count ?? NaN));
    const amount = { unit: "packages", count: 100 } as const;
    const size = cacheSize({ manager: "npm", kind: "install", amount });
    expect(size?.bytes).toBe(Math.floor(100 * Math.min(...shares)));
    expect(size?.wording).toMatch(
      /^about .* \(100 packages, as measured for npm install/,
    );
  });
});

test.each([
  [19_853_620, "about", "about 20 MB"],
  [19_853_620, "at least", "at least 19 MB"],
  [1_276_181, "about", "about 1.3 MB"],
  [9_999_999, "at least", "at least 9.9 MB"],
  [447_748, "about", "about 448 kB"],
  [900, "about", "about 0.9 kB"],
] as const)("%d bytes, %s", (bytes, bound, words) => {
  expect(sizeInWords(bytes, bound)).toBe(words);
});
