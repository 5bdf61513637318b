import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const path = v.pipe(v.string(), v.startsWith("/"));
const text = v.pipe(v.string(), v.nonEmpty());

/** `case.json` of a folder in scripts/measure-sizes; see SizeEntry for what is copied. */
const caseSchema = v.strictObject({
  manager: text,
  kind: text,
  command: text,
  /** Base images to measure on; the Dockerfile takes each as the build argument BASE. */
  images: v.array(text),
  /** The distribution that the bytes belong to, where it isn't the base image's own. */
  lists: v.optional(v.strictObject({ family: text, release: text, name: text })),
  cache: v.array(path),
  bound: v.picklist(["about", "at least"]),
  /** What the bytes grow with: packages by a file that each has, or bytes of content. */
  per: v.optional(
    v.variant("unit", [
      v.strictObject({ unit: v.literal("packages"), count: text, of: path }),
      v.strictObject({ unit: v.literal("downloaded bytes"), of: path }),
    ]),
  ),
  how: text,
});

export interface MeasuringCase {
  readonly name: string;
  /** The build context, with its Dockerfile. */
  readonly folder: string;
  readonly given: v.InferOutput<typeof caseSchema>;
}

/**
 * @param folder has a folder for each case.
 * @throws Error where a case.json is not valid.
 */
export function loadCases(folder: string): MeasuringCase[] {
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "Dockerfile")))
    .sort();
  return names.map((name) => {
    const json = readFileSync(join(folder, name, "case.json"), "utf8");
    const result = v.safeParse(caseSchema, JSON.parse(json));
    if (!result.success) {
      throw new Error(`${name}/case.json: ${v.summarize(result.issues)}`);
    }
    return { name, folder: join(folder, name), given: result.output };
  });
}
