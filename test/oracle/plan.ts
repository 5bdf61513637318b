/** From instructions to what a build does, step by step. Only RUN needs a shell later. */
import type { Heredoc, Instruction } from "./reader.ts";
import { expand, expandWords, pairs } from "./words.ts";

/** What a stage's image would carry; values in one canonical spelling. */
type Configuration = Record<string, string>;

export interface RunStep {
  readonly kind: "run";
  readonly line: number;
  readonly command:
    | {
        readonly form: "shell";
        readonly shell: readonly string[];
        readonly script: string;
      }
    | { readonly form: "exec"; readonly argv: readonly string[] };
  readonly flags: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly user: string;
}

/** An instruction that isn't a RUN and that may not move over a command. */
interface BarrierStep {
  readonly kind: "barrier";
  readonly line: number;
  readonly text: string;
}

type Step = RunStep | BarrierStep;

export interface Stage {
  readonly line: number;
  /** Index of the stage that this one is built from. */
  readonly parent: number | undefined;
  readonly from: string;
  readonly steps: readonly Step[];
  readonly configuration: Configuration;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

interface State {
  env: Map<string, string>;
  args: Map<string, string>;
  cwd: string;
  user: string;
  shell: readonly string[];
  settings: Map<string, string>;
  labels: Map<string, string>;
  ports: Set<string>;
  volumes: Set<string>;
  onbuild: string[];
}

function freshState(): State {
  return {
    env: new Map([["PATH", PATH]]),
    args: new Map(),
    cwd: "/",
    user: "",
    shell: ["/bin/sh", "-c"],
    settings: new Map(),
    labels: new Map(),
    ports: new Set(),
    volumes: new Set(),
    onbuild: [],
  };
}

function childState(parent: State): State {
  return {
    env: new Map(parent.env),
    args: new Map(),
    cwd: parent.cwd,
    user: parent.user,
    shell: parent.shell,
    settings: new Map([...parent.settings].filter(([name]) => name !== "CMD here")),
    labels: new Map(parent.labels),
    ports: new Set(parent.ports),
    volumes: new Set(parent.volumes),
    onbuild: [],
  };
}

interface OpenStage {
  readonly name: string;
  readonly state: State;
  readonly stage: Omit<Stage, "configuration">;
  readonly steps: Step[];
}

export function planStages(
  instructions: readonly Instruction[],
  escape: string,
): readonly Stage[] {
  const globals = new Map(PLATFORM);
  const stages: OpenStage[] = [];
  for (const instruction of instructions) {
    const open = stages.at(-1);
    if (instruction.keyword === "FROM") {
      stages.push(openStage(instruction, stages, globals, escape));
    } else if (open) {
      take(instruction, open, globals, escape);
    } else if (instruction.keyword === "ARG") {
      for (const [name, value] of argPairs(instruction, globals, escape))
        globals.set(name, value ?? buildArgument(name));
    }
  }
  return stages.map(({ stage, state }) => ({
    ...stage,
    configuration: configurationOf(state),
  }));
}

function openStage(
  instruction: Instruction,
  stages: readonly OpenStage[],
  globals: ReadonlyMap<string, string>,
  escape: string,
): OpenStage {
  const words = expandWords(instruction.rest, globals, escape);
  const base = words[0] ?? "";
  const name = /^as$/i.test(words[1] ?? "") ? (words[2] ?? "").toLowerCase() : "";
  const parent = stages.findLastIndex(
    (stage) => stage.name !== "" && stage.name === base.toLowerCase(),
  );
  const ancestor = stages[parent];
  const state = ancestor ? childState(ancestor.state) : freshState();
  const steps: Step[] = [];
  const from = [...[...instruction.flags].sort(), base, name].join(" ");
  return {
    name,
    state,
    steps,
    stage: { line: instruction.line, parent: ancestor ? parent : undefined, from, steps },
  };
}

/** What BuildKit sets by itself, for a build on an ordinary machine. */
const PLATFORM: ReadonlyMap<string, string> = new Map([
  ["BUILDPLATFORM", "linux/amd64"],
  ["BUILDOS", "linux"],
  ["BUILDARCH", "amd64"],
  ["BUILDVARIANT", ""],
  ["TARGETPLATFORM", "linux/amd64"],
  ["TARGETOS", "linux"],
  ["TARGETARCH", "amd64"],
  ["TARGETVARIANT", ""],
]);

/** An ARG without a default gets a value, as with --build-arg: then its place can be seen. */
function buildArgument(name: string): string {
  return PLATFORM.get(name) ?? `argument-${name}`;
}

function argPairs(
  instruction: Instruction,
  variables: ReadonlyMap<string, string>,
  escape: string,
): [string, string | undefined][] {
  return instruction.rest.includes("=") || !/\s/.test(instruction.rest.trim())
    ? pairsWithDefault(instruction.rest, variables, escape)
    : expandWords(instruction.rest, variables, escape).map((name) => [name, undefined]);
}

function pairsWithDefault(
  rest: string,
  variables: ReadonlyMap<string, string>,
  escape: string,
): [string, string | undefined][] {
  return expandWords(rest, variables, escape).map((word) => {
    const equals = word.indexOf("=");
    return equals < 0
      ? [word, undefined]
      : [word.slice(0, equals), word.slice(equals + 1)];
  });
}

function take(
  instruction: Instruction,
  { state, steps }: OpenStage,
  globals: ReadonlyMap<string, string>,
  escape: string,
): void {
  const { keyword, rest, json, line } = instruction;
  const variables = new Map([...state.args, ...state.env]);
  const value = () => expand(rest.trim(), variables, escape);
  const words = () => json ?? expandWords(rest, variables, escape);
  const barrier = (...parts: readonly string[]) =>
    steps.push({ kind: "barrier", line, text: [keyword, ...parts].join(" ") });

  switch (keyword) {
    case "RUN":
      steps.push(runStep(instruction, state));
      break;
    case "ARG":
      for (const [name, given] of argPairs(instruction, variables, escape)) {
        const known = given ?? globals.get(name) ?? buildArgument(name);
        state.args.set(name, known);
        barrier(`${name}=${known}`);
      }
      break;
    case "ENV":
      for (const [name, given] of pairs(rest, variables, escape)) {
        state.env.set(name, given);
        barrier(`${name}=${given}`);
      }
      break;
    case "WORKDIR": {
      const folder = value();
      state.cwd = folder.startsWith("/") ? folder : `${state.cwd}/${folder}`;
      state.cwd = normalisePath(state.cwd);
      barrier(state.cwd);
      break;
    }
    case "USER":
      state.user = value();
      barrier(state.user);
      break;
    case "SHELL":
      state.shell = json ?? [rest];
      barrier(JSON.stringify(state.shell));
      break;
    case "COPY":
    case "ADD": {
      const flags = instruction.flags
        .map((flag) => expand(flag, variables, escape))
        .sort();
      const contents = instruction.heredocs.map(heredocText);
      barrier(JSON.stringify({ flags, words: words(), contents, cwd: state.cwd }));
      break;
    }
    case "VOLUME":
      for (const volume of words()) state.volumes.add(volume);
      barrier(JSON.stringify(words()));
      break;
    case "EXPOSE":
      for (const port of expandWords(rest, variables, escape)) state.ports.add(port);
      break;
    case "LABEL":
      for (const [name, given] of pairs(rest, variables, escape))
        state.labels.set(name, given);
      break;
    case "ONBUILD":
      state.onbuild.push(
        [...instruction.flags, rest, ...instruction.heredocs.map(heredocText)].join(" "),
      );
      break;
    case "ENTRYPOINT":
      // A new entrypoint clears the command that came with the base image.
      if (!state.settings.has("CMD here")) state.settings.delete("CMD");
      state.settings.set(keyword, commandText(json, rest, state));
      break;
    case "CMD":
      state.settings.set("CMD here", "");
      state.settings.set(keyword, commandText(json, rest, state));
      break;
    case "HEALTHCHECK":
      state.settings.set(keyword, healthcheckText(instruction, state));
      break;
    default:
      state.settings.set(keyword, keyword === "STOPSIGNAL" ? value() : rest.trim());
  }
}

function heredocText(heredoc: Heredoc): string {
  const content = heredoc.chomp ? heredoc.content.replace(/^\t+/gm, "") : heredoc.content;
  return `${heredoc.expand ? "" : "literal "}${heredoc.name}\n${content}`;
}

function commandText(
  json: readonly string[] | undefined,
  rest: string,
  state: State,
): string {
  return JSON.stringify(json ?? [...state.shell, rest.trim()]);
}

function healthcheckText(instruction: Instruction, state: State): string {
  const match = /^(\S+)\s*([\s\S]*)$/.exec(instruction.rest.trim());
  const kind = (match?.[1] ?? "").toUpperCase();
  if (kind !== "CMD") return kind;
  const text = match?.[2] ?? "";
  let words: readonly string[] | undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) words = parsed.map(String);
  } catch {
    words = undefined;
  }
  return [...[...instruction.flags].sort(), commandText(words, text, state)].join(" ");
}

function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function runStep(instruction: Instruction, state: State): RunStep {
  const env = new Map([...state.args, ...state.env]);
  if (!env.has("HOME")) env.set("HOME", homeOf(state.user));
  const common = {
    kind: "run" as const,
    line: instruction.line,
    flags: [...instruction.flags].sort(),
    env,
    cwd: state.cwd,
    user: state.user,
  };
  if (instruction.json)
    return { ...common, command: { form: "exec", argv: instruction.json } };
  return {
    ...common,
    command: { form: "shell", ...scriptOf(instruction, state.shell) },
  };
}

function scriptOf(
  instruction: Instruction,
  shell: readonly string[],
): { shell: readonly string[]; script: string } {
  const [first] = instruction.heredocs;
  const alone =
    first !== undefined && /^\d*<<-?["']?[^\s"'<]+["']?$/.test(instruction.rest.trim());
  if (alone) {
    const content = first.chomp ? first.content.replace(/^\t+/gm, "") : first.content;
    const shebang = /^#!\s*(\S.*?)\s*\n/.exec(content);
    if (!shebang) return { shell, script: content };
    const words = (shebang[1] ?? "").split(/\s+/);
    if ((words[0] ?? "").endsWith("/env")) words.shift();
    return { shell: [...words.filter((word) => word !== "-S"), "-c"], script: content };
  }
  const documents = instruction.heredocs.map(
    (heredoc) => `\n${heredoc.content}${heredoc.name}`,
  );
  return { shell, script: instruction.rest + documents.join("") };
}

function homeOf(user: string): string {
  const name = user.split(":")[0] ?? "";
  if (name === "" || name === "root" || name === "0") return "/root";
  return /^\d+$/.test(name) ? "/" : `/home/${name}`;
}

function configurationOf(state: State): Configuration {
  const configuration: Configuration = {
    WORKDIR: state.cwd,
    USER: state.user,
    SHELL: JSON.stringify(state.shell),
    EXPOSE: [...state.ports].sort().join(" "),
    VOLUME: [...state.volumes].sort().join(" "),
    ONBUILD: state.onbuild.join("\n"),
  };
  for (const [name, value] of state.env) configuration[`ENV ${name}`] = value;
  for (const [name, value] of state.labels) configuration[`LABEL ${name}`] = value;
  for (const [name, value] of state.settings)
    if (name !== "CMD here") configuration[name] = value;
  return configuration;
}
