import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import { filled, isRecord, type Schema, type Schemas } from "../filled.ts";
import type { Call, Operation, Reply, Shape } from "../shape.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Schema | null;
  readonly responses: Readonly<Record<string, Schema | null>>;
}

const description = JSON.parse(
  readFileSync(fileURLToPath(new URL("openapi.json", import.meta.url)), "utf8"),
) as { readonly operations: Record<string, Described>; readonly schemas: Schemas };

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat("uri", /^[a-z][a-z+.-]*:\S+$/);
for (const name of ["int64", "email", "repo.nwo", "uri-template"])
  ajv.addFormat(name, true);
ajv.addSchema({ $id: "github", ...description });
const coercing = new Ajv({ strict: false, coerceTypes: true, formats: { int64: true } });

const compiled = new Map<string, ValidateFunction>();

/** What doesn't hold of a value, by the schema that lies at a place of the description. */
function check(value: unknown, ...place: readonly string[]): string[] {
  const pointer = place
    .map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"))
    .join("/");
  const validate =
    compiled.get(pointer) ?? ajv.compile({ $ref: `github#/${encodeURI(pointer)}` });
  compiled.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || "it"} ${message ?? ""}`,
  );
}

function described({ id, method, path }: Operation): Described {
  const found = description.operations[id];
  if (found?.method !== method.toLowerCase() || found.path !== path) {
    throw new Error(`GitHub describes no ${method} ${path} as ${id}.`);
  }
  return found;
}

/** Holds a call against GitHub's published description: parameters, body, nothing else. */
export function checkCall(operation: Operation, call: Call): readonly string[] {
  const { parameters, body } = described(operation);
  const problems: string[] = [];
  const given = (where: string) =>
    where === "path" ? Object.entries(call.params) : [...call.query];
  for (const where of ["path", "query"]) {
    const known = parameters.filter((parameter) => parameter.in === where);
    for (const [name, value] of given(where)) {
      const parameter = known.find((one) => one.name === name);
      if (parameter === undefined) problems.push(`${name} is no parameter`);
      else {
        const holder = { value };
        const schema = { type: "object", properties: { value: parameter.schema } };
        if (!coercing.validate(schema, holder))
          problems.push(`${name} can't be ${value}`);
      }
    }
    const names = new Set(given(where).map(([name]) => name));
    for (const { name, required } of known) {
      if (required && !names.has(name)) problems.push(`${name} is missing`);
    }
  }
  if (body === undefined || body === null) {
    if (Object.keys(call.body).length > 0) problems.push("it takes no body");
    return problems;
  }
  problems.push(...check(call.body, "operations", operation.id, "body"));
  const properties = body["properties"];
  if (isRecord(properties)) {
    const unknown = Object.keys(call.body).filter(
      (key) => !Object.hasOwn(properties, key),
    );
    problems.push(...unknown.map((key) => `${key} is nothing that it takes`));
  }
  return problems;
}

/** Adds what GitHub's description requires of an answer, and holds the whole against it. */
export function checkReply(
  operation: Operation,
  reply: Reply,
): ReturnType<Shape["checkReply"]> {
  const { responses } = described(operation);
  const status = String(reply.status);
  // Rate limits, gateways and missing tokens may answer any call.
  const place = Object.hasOwn(responses, status)
    ? ["operations", operation.id, "responses", status]
    : ["schemas", "basic-error"];
  const schema = Object.hasOwn(responses, status)
    ? responses[status]
    : description.schemas["basic-error"];
  if (schema === null || schema === undefined) {
    return { reply, problems: reply.body === undefined ? [] : [`${status} has no body`] };
  }
  const problems: string[] = [];
  const body = filled(schema, reply.body, description.schemas, (where) => {
    problems.push(`${where} isn't described`);
  });
  problems.push(...check(body, ...place));
  return { reply: { ...reply, body }, problems };
}
