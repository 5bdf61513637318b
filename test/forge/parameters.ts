import type { Call, Operation } from "./shape.ts";

/** Names that a call may have, as the forge's documentation has them. */
export interface Parameters {
  readonly query?: readonly string[];
  readonly body?: readonly string[];
  /** Those of the body that have to be there. */
  readonly required?: readonly string[];
}

/** What GitLab and Gitea would ignore without a word: names that they don't know. */
export function checkParameters(
  known: Readonly<Record<string, Parameters>>,
  { id }: Operation,
  { query, body }: Call,
): string[] {
  const { query: words = [], body: keys = [], required = [] } = known[id] ?? {};
  return [
    ...[...query.keys()]
      .filter((name) => !words.includes(name))
      .map((name) => `${name} is no parameter`),
    ...Object.keys(body)
      .filter((key) => !keys.includes(key))
      .map((key) => `${key} is nothing that it takes`),
    ...required
      .filter((key) => body[key] === undefined)
      .map((key) => `${key} is missing`),
  ];
}
