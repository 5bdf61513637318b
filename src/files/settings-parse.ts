import {
  findNodeAtLocation,
  getNodePath,
  parseTree,
  printParseErrorCode,
  getNodeValue,
  type Node,
  type ParseError,
} from "jsonc-parser";
import * as v from "valibot";
import { nearest, sentences } from "../output/wording.ts";
import type { FileProblem } from "./problem.ts";

/** What a text of settings has to be. */
export interface Expected<Schema extends v.GenericSchema> {
  readonly schema: Schema;
  /** As messages call it: `the config`. */
  readonly name: string;
  /** The transforms that can be named, under keys called `only` and `skip`. */
  readonly ids: readonly string[];
}

/** Reads JSON with comments and trailing commas; the first problem found is returned. */
export function parseSettings<Schema extends v.GenericSchema>(
  text: string,
  wanted: Expected<Schema>,
): { readonly settings: v.InferOutput<Schema> } | { readonly problem: FileProblem } {
  const errors: ParseError[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, " "), errors, {
    allowTrailingComma: true,
  });
  const [error] = errors;
  if (error !== undefined || tree === undefined) {
    return problemAt(
      text,
      error?.offset ?? 0,
      `${wanted.name} is not valid JSON (${words(error === undefined ? "ValueExpected" : printParseErrorCode(error.error))})`,
      "Comments and trailing commas are allowed, nothing else beyond JSON",
    );
  }
  const duplicate = duplicateKey(tree);
  if (duplicate !== undefined) {
    return problemAt(text, duplicate.offset, `${keyName(duplicate)} is set twice`, "");
  }
  const list = listForObject(tree, wanted.schema);
  if (list !== undefined) {
    const path = getNodePath(list);
    const name = path.length === 0 ? wanted.name : `"${dotted(path)}"`;
    return problemAt(text, list.offset, `${name} is a list; expected an object`, "");
  }
  const result = v.safeParse(wanted.schema, getNodeValue(tree));
  if (result.success) return { settings: result.output };
  const [issue] = result.issues;
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  return describe(text, tree, path, issue, wanted);
}

function describe(
  text: string,
  tree: Node,
  path: readonly (string | number)[],
  issue: v.BaseIssue<unknown>,
  { schema, name: whole, ids }: Expected<v.GenericSchema>,
): { readonly problem: FileProblem } {
  const node = findNodeAtLocation(tree, [...path]) ?? tree;
  const name = path.length === 0 ? whole : `"${dotted(path)}"`;
  if (issue.expected === "never") {
    const siblings = knownKeys(path.slice(0, -1), schema);
    const guess = nearest(String(path.at(-1)), siblings);
    return problemAt(
      text,
      node.parent?.offset ?? node.offset,
      `${name} is not a known key`,
      guess === undefined
        ? `Known keys: ${siblings.join(", ")}`
        : `Did you mean "${guess}"?`,
    );
  }
  const last = path.at(-1);
  const isTransformId =
    typeof last === "number" && ["only", "skip"].includes(String(path.at(-2)));
  // Somebody may have put the token itself there, and it mustn't get into a log.
  const value =
    last === "tokenEnv" ? "something else" : JSON.stringify(getNodeValue(node));
  const guess =
    isTransformId && node.type === "string"
      ? nearest(String(getNodeValue(node)), ids)
      : undefined;
  return problemAt(
    text,
    node.offset,
    `${name} is ${value.length > 60 ? `${value.slice(0, 60)}…` : value}; expected ${expected(path, issue)}`,
    sentences(guess === undefined ? "" : `Did you mean "${guess}"?`),
  );
}

function expected(
  path: readonly (string | number)[],
  issue: v.BaseIssue<unknown>,
): string {
  if (dotted(path) === "layout.indent") return '"tab" or a whole number from 1 to 8';
  const text = issue.expected ?? issue.type;
  switch (issue.type) {
    case "regex":
      return issue.message;
    case "integer":
      return "a whole number";
    case "non_empty":
      return "a text that isn't empty";
    case "url":
      return "an address such as https://example.org";
  }
  switch (text) {
    case "Object":
      return "an object";
    case "Array":
      return "a list";
    case "boolean":
      return "true or false";
    case "string":
      return "a text in quotes";
    default:
      return text.replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
  }
}

/** A list where the schema has an object; valibot takes it for one. */
function listForObject(node: Node, schema: unknown): Node | undefined {
  const entries = entriesOf(schema);
  if (node.type === "array" && Object.keys(entries).length > 0) return node;
  if (node.type !== "object") return undefined;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    const list =
      key === undefined || value === undefined
        ? undefined
        : listForObject(value, entries[String(key.value)]);
    if (list !== undefined) return list;
  }
  return undefined;
}

/** Keys that the schema knows in the object at a path. */
function knownKeys(path: readonly (string | number)[], whole: unknown): string[] {
  let schema = whole;
  for (const key of path) schema = memberOf(schema, key);
  return Object.keys(entriesOf(schema));
}

/** Schema of a key's value, also in a list and in a record. */
function memberOf(schema: unknown, key: string | number): unknown {
  let current = schema;
  while (typeof current === "object" && current !== null) {
    if ("entries" in current) {
      return (current.entries as Readonly<Record<string, unknown>>)[key];
    }
    if ("item" in current) return current.item;
    if ("value" in current) return current.value;
    current = "wrapped" in current ? current.wrapped : undefined;
  }
  return undefined;
}

function entriesOf(schema: unknown): Record<string, unknown> {
  let current = schema;
  while (typeof current === "object" && current !== null) {
    if ("entries" in current) return current.entries as Record<string, unknown>;
    current = "wrapped" in current ? current.wrapped : undefined;
  }
  return {};
}

/** A key that occurs a second time in its object; JSON would silently take the last one. */
function duplicateKey(node: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = child.type === "property" ? child.children?.[0] : undefined;
    if (key !== undefined) {
      if (seen.has(key.value)) return key;
      seen.add(key.value);
    }
    const deeper = duplicateKey(child);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function keyName(key: Node): string {
  const path = key.parent === undefined ? [] : getNodePath(key.parent);
  return `"${dotted([...path.slice(0, -1), String(key.value)])}"`;
}

function dotted(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** `PropertyNameExpected` as `property name expected`. */
function words(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .trim();
}

function problemAt(
  text: string,
  offset: number,
  message: string,
  hint: string,
): { readonly problem: FileProblem } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - before.lastIndexOf("\n");
  return {
    problem: {
      kind: "invalid-config",
      message,
      hint,
      line,
      column,
      endLine: line,
      endColumn: column + 1,
    },
  };
}
