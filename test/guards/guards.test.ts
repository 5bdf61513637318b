import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withoutGuard } from "./guard.ts";
import { guards } from "./index.ts";
import recorded from "./result.json" with { type: "json" };

const root = new URL("../../", import.meta.url);

describe("each guard", () => {
  test("has a name of its own", () => {
    const ids = guards.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test.each(guards.map((guard) => [guard.id, guard] as const))(
    "%s is where its table says, and so is its test",
    (_, guard) => {
      const source = readFileSync(new URL(guard.file, root), "utf8");
      expect(withoutGuard(guard, source)).toHaveProperty("text");
      expect(existsSync(new URL(guard.test.file, root))).toBe(true);
      const [family = "", name = ""] = guard.test.name.split(" > ");
      if (guard.test.file === "test/fixtures.test.ts")
        expect(existsSync(new URL(`fixtures/${family}/${name}/`, root))).toBe(true);
      else expect(readFileSync(new URL(guard.test.file, root), "utf8")).toContain(name);
    },
  );

  test("was proven necessary: npm run guards -- --update", () => {
    expect(recorded.guards.map(({ id }) => id)).toEqual(guards.map(({ id }) => id));
  });
});
