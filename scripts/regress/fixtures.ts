import { fix } from "../../src/index.ts";
import { fixtureCases, fixtureFamilies } from "../../test/fixture-cases.ts";

/** What `fix` makes of a fixture's Dockerfile. */
export interface FixtureRewrite {
  /** `<transform>/<case>`. */
  readonly id: string;
  readonly transform: string;
  readonly before: string;
  readonly after: string;
  /** False where a change's level says that behaviour may differ. */
  readonly isSafe: boolean;
}

/** Every fixture that changes, with the options of its `case.json`. */
export function fixtureRewrites(): readonly FixtureRewrite[] {
  return fixtureFamilies()
    .flatMap(fixtureCases)
    .flatMap(({ transform, name, before, options }) => {
      const text = before.toString();
      const { output, changes } = fix(text, options);
      if (output === text) return [];
      const isSafe = changes.every(({ level }) => level === "safe");
      return [
        { id: `${transform}/${name}`, transform, before: text, after: output, isSafe },
      ];
    });
}
