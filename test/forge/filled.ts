export type Schema = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<string, Schema>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value of a schema: what is given, and for everything else that the schema requires the
 * least that it allows. An answer of GitHub has some ninety addresses that nobody reads.
 *
 * @param unknown Told of what is given without being in the schema.
 */
export function filled(
  schema: Schema,
  given: unknown,
  schemas: Schemas,
  unknown: (where: string) => void,
  where = "",
): unknown {
  const at = (key: string) => `${where}/${key}`;
  const { properties, required, items } = expanded(schema, given, schemas);
  if (Array.isArray(given)) {
    if (!isRecord(items)) return given;
    return given.map((item, index) =>
      filled(items, item, schemas, unknown, at(String(index))),
    );
  }
  if (given !== undefined && !isRecord(given)) return given;
  if (given === undefined && (properties === undefined || isNullable(schema))) {
    return least(schema, schemas);
  }
  if (properties === undefined) return given;
  const known = properties;
  const value: Record<string, unknown> = {};
  for (const key of required) {
    const part = known[key];
    value[key] = isRecord(part)
      ? filled(part, given?.[key], schemas, unknown, at(key))
      : null;
  }
  for (const [key, one] of Object.entries(given ?? {})) {
    const part = known[key];
    if (isRecord(part)) value[key] = filled(part, one, schemas, unknown, at(key));
    else {
      value[key] = one;
      unknown(at(key));
    }
  }
  return value;
}

interface Expanded {
  /** Undefined where it is no object, or one whose keys aren't fixed. */
  readonly properties: Record<string, unknown> | undefined;
  readonly required: readonly string[];
  readonly items: unknown;
}

/** References followed, parts of `allOf` put together, the alternative chosen that fits. */
function expanded(schema: Schema, given: unknown, schemas: Schemas): Expanded {
  const { $ref, allOf, properties, required, items } = schema;
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  if (typeof $ref === "string") {
    return expanded(schemas[$ref.slice("#/schemas/".length)] ?? {}, given, schemas);
  }
  if (Array.isArray(allOf)) {
    const parts = allOf.filter(isRecord).map((part) => expanded(part, given, schemas));
    return {
      properties: Object.assign({}, ...parts.map((part) => part.properties)) as Record<
        string,
        unknown
      >,
      required: parts.flatMap((part) => part.required),
      items: undefined,
    };
  }
  if (properties === undefined && Array.isArray(alternatives)) {
    const parts = alternatives
      .filter(isRecord)
      .map((part) => expanded(part, given, schemas));
    const fits = parts.find((part) =>
      Array.isArray(given) ? part.items !== undefined : part.properties !== undefined,
    );
    return fits ?? { properties: undefined, required: [], items: undefined };
  }
  return {
    properties: isRecord(properties) ? properties : undefined,
    required: Array.isArray(required) ? (required as string[]) : [],
    items,
  };
}

function isNullable(schema: Schema): boolean {
  const { type } = schema;
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  return (
    (Array.isArray(type) && type.includes("null")) ||
    (Array.isArray(alternatives) &&
      alternatives.some((part) => isRecord(part) && part["type"] === "null"))
  );
}

function least(schema: Schema, schemas: Schemas): unknown {
  const { $ref, type, format, enum: values } = schema;
  if (typeof $ref === "string") {
    return least(schemas[$ref.slice("#/schemas/".length)] ?? {}, schemas);
  }
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(alternatives)) {
    const parts = alternatives.filter(isRecord);
    return parts.some((part) => part["type"] === "null")
      ? null
      : least(parts[0] ?? {}, schemas);
  }
  if (Array.isArray(type)) return null;
  if (Array.isArray(values)) return values[0];
  switch (type) {
    case "string":
      if (format === "date-time") return "2020-01-01T00:00:00Z";
      return format === "uri" ? "https://example.com/" : "";
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "array":
      return [];
    default:
      return {};
  }
}
