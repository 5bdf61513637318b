import type { Flag, Instruction, ParseProblem } from "./types.ts";

/** "list" may be given several times, "boolean" needs no value. */
type FlagKind = "string" | "list" | "boolean";
type FlagTable = Readonly<Record<string, FlagKind>>;

const NONE: FlagTable = {};

/** The flags of BuildKit's frontend/dockerfile/instructions/parse.go, labs channel included. */
const FLAGS: Readonly<Record<string, FlagTable>> = {
  ADD: {
    checksum: "string",
    chmod: "string",
    chown: "string",
    exclude: "list",
    "keep-git-dir": "boolean",
    link: "boolean",
    unpack: "boolean",
  },
  COPY: {
    chmod: "string",
    chown: "string",
    exclude: "list",
    from: "string",
    link: "boolean",
    parents: "boolean",
  },
  FROM: { platform: "string" },
  HEALTHCHECK: {
    interval: "string",
    retries: "string",
    "start-interval": "string",
    "start-period": "string",
    timeout: "string",
  },
  RUN: {
    device: "list",
    mount: "list",
    network: "string",
    security: "string",
  },
};

/** Adds what BuildKit refuses in the flags of `instruction`. */
export function checkFlags(
  { keyword, flags, body }: Instruction,
  problems: ParseProblem[],
): void {
  if (flags.length === 0) return;
  // BuildKit never looks at the flags of these.
  if (keyword === "ARG" || keyword === "STOPSIGNAL") return;
  if (keyword === "HEALTHCHECK" && /^none$/i.test(body.text)) return;
  const table = FLAGS[keyword] ?? NONE;
  const seen = new Set<string>();
  for (const flag of flags) {
    const kind = Object.hasOwn(table, flag.name) ? table[flag.name] : undefined;
    const found = flagProblem(keyword, flag, kind, seen.has(flag.name));
    if (found !== undefined) problems.push({ ...found, range: flag.range });
    seen.add(flag.name);
  }
}

function flagProblem(
  keyword: string,
  { name, value }: Flag,
  kind: FlagKind | undefined,
  repeated: boolean,
): Pick<ParseProblem, "message" | "hint"> | undefined {
  if (kind === undefined) {
    return {
      message: `${keyword} has no flag --${name}.`,
      hint: "Correct or remove it; an argument that starts with -- needs a word before it.",
    };
  }
  if (repeated && kind !== "list") {
    return {
      message: `${keyword} has the flag --${name} twice.`,
      hint: "Remove one of them.",
    };
  }
  if (kind !== "boolean" && value === undefined) {
    return {
      message: `The flag --${name} needs a value.`,
      hint: `Write --${name}=value, without a blank.`,
    };
  }
  if (keyword === "COPY" && name === "from" && /\$[\w{]/.test(value ?? "")) {
    return {
      message: "COPY --from takes no variables.",
      hint: "Add a stage, FROM with the variable AS name, and copy from that name.",
    };
  }
  if (kind === "boolean" && !/^(true|false)$/i.test(value ?? "true")) {
    return {
      message: `The flag --${name} takes true or false.`,
      hint: `Write --${name} or --${name}=false.`,
    };
  }
  return undefined;
}
