/**
 * Makes test/forge/github/openapi.json: of GitHub's API description, the operations that
 * dockerslim calls, as JSON Schema. The description is 13 MB, so it is no dependency:
 *
 *   npm pack @octokit/openapi@23 && tar xzf octokit-openapi-23.*.tgz
 *   npx tsx scripts/extract-openapi.ts package
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** As GitHub names them. */
const operationIds = new Set([
  "apps/create-installation-access-token",
  "apps/get-org-installation",
  "apps/get-user-installation",
  "apps/list-repos-accessible-to-installation",
  "checks/list-for-ref",
  "issues/add-labels",
  "issues/create-comment",
  "orgs/get",
  "pulls/create",
  "pulls/get",
  "pulls/list",
  "pulls/merge",
  "pulls/request-reviewers",
  "pulls/update",
  "repos/get",
  "repos/get-combined-status-for-ref",
  "repos/list-for-authenticated-user",
  "repos/list-for-org",
  "repos/list-for-user",
  "users/get-authenticated",
]);

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function object(value: Json | undefined): JsonObject {
  if (!isObject(value))
    throw new Error("The description has another form than OpenAPI 3.0.");
  return value;
}

function text(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error("The package says nothing of itself.");
  return value;
}

/** What has no part in validation. */
const prose = new Set([
  "description",
  "example",
  "examples",
  "externalDocs",
  "deprecated",
]);

const folder = process.argv[2] ?? "package";
const read = (path: string) =>
  object(JSON.parse(readFileSync(join(folder, path), "utf8")) as Json);
const description = read("generated/api.github.com.json");
const { name, version, license } = read("package.json");

const schemas: JsonObject = {};
const operations: JsonObject = {};
for (const [path, item] of Object.entries(object(description["paths"]))) {
  for (const [method, operation] of Object.entries(object(item))) {
    if (!isObject(operation) || typeof operation["operationId"] !== "string") continue;
    const id = operation["operationId"];
    if (operationIds.has(id)) operations[id] = { method, path, ...parts(operation) };
  }
}
const missing = [...operationIds].filter((id) => operations[id] === undefined);
if (missing.length > 0) throw new Error(`The description lacks ${missing.join(", ")}.`);

const extract = {
  source: `${text(name)} ${text(version)} of npm, made of github.com/github/rest-api-description`,
  license: `${text(license)}; Copyright (c) 2020 Octokit contributors, Copyright (c) GitHub, Inc.`,
  madeBy: "scripts/extract-openapi.ts",
  operations,
  schemas,
};
writeFileSync("test/forge/github/openapi.json", `${JSON.stringify(extract)}\n`);

/** Parameters, body and answers of an operation, without what is only to be read. */
function parts(operation: JsonObject): JsonObject {
  const parameters = ((operation["parameters"] ?? []) as Json[]).map((parameter) => {
    const { name, in: where, required, schema } = object(resolved(parameter));
    return {
      name: name ?? null,
      in: where ?? null,
      required: required ?? false,
      schema: translated(schema ?? {}),
    };
  });
  const responses = Object.entries(object(operation["responses"])).map(
    ([status, response]) => [status, bodySchema(resolved(response))] as const,
  );
  const body = operation["requestBody"];
  return {
    parameters,
    ...(body !== undefined && { body: bodySchema(resolved(body)) }),
    responses: Object.fromEntries(responses),
  };
}

/** Null where there is no body. */
function bodySchema(holder: Json): Json {
  const content = object(holder)["content"];
  if (content === undefined) return null;
  const json = object(content)["application/json"];
  return json === undefined ? null : translated(object(json)["schema"] ?? {});
}

function resolved(value: Json): Json {
  const reference = isObject(value) ? value["$ref"] : undefined;
  if (typeof reference !== "string") return value;
  const keys = reference.split("/").slice(1);
  return keys.reduce<Json>((found, key) => object(found)[key] ?? null, description);
}

/** A schema of OpenAPI 3.0 as JSON Schema, which has no `nullable`; collects what it names. */
function translated(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(translated);
  if (!isObject(schema)) return schema;
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const name = reference.split("/").at(-1) ?? "";
    if (schemas[name] === undefined) {
      schemas[name] = {};
      schemas[name] = translated(resolved(schema));
    }
    return { $ref: `#/schemas/${name}` };
  }
  const kept = Object.entries(schema).filter(
    ([key]) => key !== "nullable" && !prose.has(key) && !key.startsWith("x-"),
  );
  const plain = Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      key === "properties" ? properties(object(value)) : translated(value),
    ]),
  );
  if (schema["nullable"] !== true) return plain;
  if (Array.isArray(plain["enum"]))
    return {
      ...plain,
      enum: [...plain["enum"], null],
      type: [plain["type"] ?? "string", "null"],
    };
  return typeof plain["type"] === "string"
    ? { ...plain, type: [plain["type"], "null"] }
    : { anyOf: [plain, { type: "null" }] };
}

/** Their names may be those of prose: a label has a `description`. */
function properties(named: JsonObject): JsonObject {
  const entries = Object.entries(named).map(([key, value]) => [key, translated(value)]);
  return Object.fromEntries(entries) as JsonObject;
}
