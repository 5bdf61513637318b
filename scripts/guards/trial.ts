import { resolve } from "node:path";
import { createVitest } from "vitest/node";
import type { Guard } from "../../test/guards/guard.ts";
import { withoutGuard } from "../../test/guards/guard.ts";

/** What the tests say of the product without one of its guards. */
export interface Trial {
  readonly guard: Guard;
  /** Full names of the tests that fail, in their order. */
  readonly failing: readonly string[];
  readonly passing: number;
  /** Why nothing can be said: the test files could not be run. */
  readonly error: string | undefined;
}

/**
 * Runs the tests concerned on sources in which one guard is disabled. The files stay as they
 * are: vitest gets the changed text as it loads them.
 */
export async function tryWithout(guard: Guard, root: string): Promise<Trial> {
  const changed = resolve(root, guard.file);
  const outcome = { guard, failing: [], passing: 0 };
  const loaded: string[] = [];
  let anchor: string | undefined;
  const vitest = await createVitest(
    "test",
    {
      root,
      config: false,
      include: [guard.test.file],
      testNamePattern: familyPattern(guard),
      watch: false,
      pool: "threads",
      maxWorkers: 1,
      testTimeout: 60_000,
      reporters: [{}],
    },
    {
      plugins: [
        {
          name: "without-guard",
          enforce: "pre",
          transform(source, id) {
            if (id !== changed) return undefined;
            loaded.push(id);
            const result = withoutGuard(guard, source);
            if (typeof result === "string") anchor = result;
            return typeof result === "string" ? undefined : result.text;
          },
        },
      ],
    },
  );
  try {
    const { testModules, unhandledErrors } = await vitest.start();
    const tests = testModules.flatMap((module) => [...module.children.allTests()]);
    const broken = [
      ...testModules.flatMap((module) => module.errors().map(({ message }) => message)),
      ...unhandledErrors.map(String),
    ];
    return {
      guard,
      failing: tests
        .filter((test) => test.result().state === "failed")
        .map(({ fullName }) => fullName),
      passing: tests.filter((test) => test.result().state === "passed").length,
      error:
        anchor ?? (loaded.length === 0 ? `no test of it loads ${guard.file}` : broken[0]),
    };
  } catch (error) {
    return { ...outcome, error: String(error) };
  } finally {
    await vitest.close();
  }
}

/** The fixtures of the same transform; all tests of another file. */
function familyPattern({ test }: Guard): string {
  const [family = ""] = test.name.split(" > ");
  return test.file === "test/fixtures.test.ts" ? `^${family} ` : "";
}
