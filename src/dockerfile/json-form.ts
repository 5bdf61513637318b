import { skipSpace } from "./space.ts";

/** Instructions whose body may be a JSON array. */
export const JSON_FORM = new Set([
  "ADD",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "RUN",
  "SHELL",
  "VOLUME",
]);

/**
 * Reads a body as the JSON form.
 *
 * @returns its strings; "invalid" for a JSON array that holds something else, which Docker
 * refuses; undefined for anything that is no JSON array, which Docker takes as shell form:
 * single quotes, a trailing comma, a missing comma.
 */
export function readJsonForm(body: string): readonly string[] | "invalid" | undefined {
  const start = skipSpace(body, 0, body.length);
  if (body[start] !== "[") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.slice(start));
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const strings = value.filter((item): item is string => {
    return typeof item === "string";
  });
  return strings.length === value.length ? strings : "invalid";
}
