import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** `case.json` of a folder below test/builds. */
const caseSchema = v.strictObject({
  /** What the Dockerfile is an example of. */
  shows: v.pipe(v.string(), v.nonEmpty()),
  /** Absolute paths of the caches that the rewrite removes, and nothing else may. */
  caches: v.array(v.pipe(v.string(), v.startsWith("/"))),
  /** What the image's command has to print, so that two failures don't count as equal. */
  stdout: v.array(v.string()),
  /** Its exit code; 0 if absent. */
  exitCode: v.optional(v.number(), 0),
});

export interface Project {
  readonly name: string;
  /** The build context, with its Dockerfile. */
  readonly folder: string;
  readonly expected: v.InferOutput<typeof caseSchema>;
}

/**
 * The projects in a folder, by name.
 * @throws Error where a project has no valid case.json.
 */
export function loadProjects(folder: string): Project[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return names.map((name) => {
    const path = join(folder, name);
    if (!existsSync(join(path, "Dockerfile")))
      throw new Error(`${path} has no Dockerfile`);
    const text = readFileSync(join(path, "case.json"), "utf8");
    const result = v.safeParse(caseSchema, JSON.parse(text));
    if (!result.success) {
      throw new Error(`${path}/case.json: ${v.summarize(result.issues)}`);
    }
    return { name, folder: path, expected: result.output };
  });
}
