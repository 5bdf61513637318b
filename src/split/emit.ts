import { configurationKeywords } from "../dockerfile/configuration.ts";
import { stateAtEnd, stateBefore } from "../dockerfile/state.ts";
import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import type { Edit } from "../engine/types.ts";
import { lineage } from "./lineage.ts";
import {
  pipPrefixOption,
  type AddedLines,
  type Artefact,
  type SplitPlan,
} from "./plan.ts";
import type { SplitSubject } from "./subject.ts";

/** The edits that split the stage as planned. */
export function splitEdits(subject: SplitSubject, plan: SplitPlan): readonly Edit[] {
  const { dockerfile, stage, instructions } = subject;
  const last = lastOf(instructions, plan);
  const place = instructions.indexOf(last) + 1;
  const [head, tail] = [instructions.slice(0, place), instructions.slice(place)];
  // What a stage below has built is copied from there.
  const builtBelow = last.stage === stage ? undefined : last.stage?.name;
  const buildStage = builtBelow ?? freeName(dockerfile);
  const moved = head.filter((item) => isConfiguration(item) && item.stage === stage);
  const block = finalStage(subject, plan, { head, tail, buildStage });
  // Blanks behind the last word stay where they are.
  const behind = last.range.end + blanksAt(last.range.end, dockerfile);
  const atEnd = plan.added.flatMap(({ before, lines }) => (before ? [] : lines));
  const style = /[A-Z]/.test(textOf(stage.from, dockerfile).slice(0, 4)) ? upper : lower;
  const text = style(block).join(dockerfile.lineBreak);
  if (builtBelow !== undefined) return [{ range: stage.from.range, text }];
  return [
    nameEdit(subject, buildStage),
    ...plan.added.flatMap((item) => addition(item, dockerfile)),
    ...plan.prefixed.map((at) => ({
      range: { start: at, end: at },
      text: pipPrefixOption,
    })),
    ...moved.map((instruction) => removal(instruction, dockerfile)),
    {
      range: { start: behind, end: behind },
      text: `${atEnd.map((line) => dockerfile.lineBreak + line).join("")}${dockerfile.lineBreak}${dockerfile.lineBreak}${text}`,
    },
  ];
}

function blanksAt(offset: number, { text }: Dockerfile): number {
  return /^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0;
}

function addition({ before, lines }: AddedLines, { lineBreak }: Dockerfile): Edit[] {
  if (!before) return [];
  const start = before.leadingComments[0]?.range.start ?? before.range.start;
  return [
    {
      range: { start, end: start },
      text: lines.map((line) => line + lineBreak).join(""),
    },
  ];
}

/** The last instruction that belongs to the build stage. */
function lastOf(
  instructions: readonly Instruction[],
  { buildOnly }: SplitPlan,
): Instruction {
  const last = instructions.findLast((item) => buildOnly.has(item));
  if (!last) throw new Error("a plan without a build");
  return last;
}

/** Instructions that a build stage has no use for. */
export function isConfiguration({ keyword }: Instruction): boolean {
  return configurationKeywords.has(keyword) || keyword === "VOLUME";
}

interface Split {
  readonly head: readonly Instruction[];
  readonly tail: readonly Instruction[];
  readonly buildStage: string;
}

/** A line with the keyword that it begins with, in upper case. */
interface Line {
  readonly keyword: string;
  readonly rest: string;
}

function finalStage(
  subject: SplitSubject,
  plan: SplitPlan,
  { head, tail, buildStage }: Split,
): readonly (Line | string)[] {
  const { dockerfile, stage, around } = subject;
  const { runtime } = plan;
  const [end] = tail;
  const copied = (artefact: Artefact): Line => ({
    keyword: "COPY",
    rest: `--from=${buildStage}${artefact.owner === undefined ? "" : ` --chown=${artefact.owner}`} ${copyWords(artefact)}`,
  });
  const repeated = head.filter((item) => isRepeated(item, plan, subject));
  const early = repeated.filter((item) => isEarly(item, subject));
  const late = repeated.filter((item) => !early.includes(item));
  const steps = late.filter((item) => /^(ADD|COPY|RUN)$/.test(item.keyword));
  const settings = late.filter((item) => !steps.includes(item));
  const { user } = end ? stateBefore(end, dockerfile) : stateAtEnd(stage, dockerfile);
  const folders = createFolders(runtime.workdir);
  const source = (item: Instruction): string => sourceText(item, subject);
  return [
    ...(runtime.comment === undefined ? [] : [`# ${runtime.comment}`]),
    {
      keyword: "FROM",
      rest: `${platformOf(lineage(stage)[0] ?? stage, dockerfile)}${runtime.image}${stage.name === undefined ? "" : ` AS ${stage.name}`}`,
    },
    ...baseVariables(subject, plan, [...repeated, ...tail]),
    ...plan.variables.map(([name, value]) => ({
      keyword: "ENV",
      rest: `${name}=${value}`,
    })),
    ...early.map(source),
    ...plan.searched.map((folder) => ({ keyword: "ENV", rest: `PATH=${folder}:$PATH` })),
    ...runLines(plan.setup),
    ...installLines(plan),
    ...steps.flatMap((item) => [...folders.change(around(item).folder), source(item)]),
    ...(isReplaced(tail) ? [] : folders.change(around(end).folder)),
    ...plan.artefacts.map(copied),
    ...runLines([...plan.rights, ...plan.refresh]),
    ...settings.map(source),
    ...(user === undefined ? [] : [{ keyword: "USER", rest: user }]),
    ...tail.filter((item) => item.stage !== stage).map(source),
  ];
}

/** WORKDIR where the next instruction needs another folder than the one before. */
function createFolders(initial: string): {
  readonly change: (to: string | undefined) => readonly Line[];
} {
  let current = initial;
  return {
    change(to) {
      if (to === undefined || to === current) return [];
      current = to;
      return [{ keyword: "WORKDIR", rest: to }];
    },
  };
}

/** Whether what follows the build sets a folder of its own. */
function isReplaced(tail: readonly Instruction[]): boolean {
  const next = tail.find((item) => !isConfiguration(item));
  return next?.keyword === "WORKDIR" && next.body.text.startsWith("/");
}

/** Variables of the toolchain's image that the final stage refers to. */
function baseVariables(
  { dockerfile, base, start, context }: SplitSubject,
  { artefacts }: SplitPlan,
  kept: readonly Instruction[],
): readonly Line[] {
  const scripts = [...(start?.scripts.values() ?? [])];
  const texts = [
    ...kept.map((item) => textOf(item, dockerfile)),
    ...scripts.map((file) => context?.read(file) ?? ""),
    ...artefacts.map(({ owner = "" }) => owner),
  ];
  return [...base.env].flatMap(([name, value]) =>
    name !== "HOME" && texts.some((text) => new RegExp(`\\$\\{?${name}\\b`).test(text))
      ? [{ keyword: "ENV", rest: `${name}=${value}` }]
      : [],
  );
}

function runLines(commands: readonly string[]): readonly Line[] {
  return commands.length === 0 ? [] : [{ keyword: "RUN", rest: commands.join(" && ") }];
}

function installLines({ packages, runtime }: SplitPlan): readonly Line[] {
  if (packages.length === 0) return [];
  const names = packages.join(" ");
  const rest =
    runtime.family === "alpine"
      ? `apk add --no-cache ${names}`
      : `apt-get update && apt-get install -y --no-install-recommends ${names} && rm -rf /var/lib/apt/lists/*`;
  return [{ keyword: "RUN", rest }];
}

function copyWords({ path, source = path }: Artefact): string {
  return /\s/.test(source + path) ? JSON.stringify([source, path]) : `${source} ${path}`;
}

function platformOf({ from: { flags } }: Stage, { text }: Dockerfile): string {
  return flags.map(({ range }) => `${text.slice(range.start, range.end)} `).join("");
}

/** Whether the final stage needs an instruction that stands in front of the build. */
function isRepeated(
  item: Instruction,
  { buildOnly }: SplitPlan,
  { dockerfile, instructions }: SplitSubject,
): boolean {
  if (buildOnly.has(item) || /^(WORKDIR|USER)$/.test(item.keyword)) return false;
  if (item.keyword !== "ARG") return true;
  const names = item.body.text.split(/\s+/).map((word) => word.replace(/=.*$/s, ""));
  const users = instructions
    .filter((other) => other !== item && !buildOnly.has(other) && other.keyword !== "ARG")
    .map((other) => textOf(other, dockerfile));
  return names.some((name) =>
    users.some((text) => new RegExp(`\\$\\{?${name}\\b`).test(text)),
  );
}

/** What copies stand behind: variables, labels, and the accounts that own files. */
function isEarly(item: Instruction, { commands }: SplitSubject): boolean {
  if (item.keyword !== "RUN")
    return !/^(COPY|ADD|CMD|ENTRYPOINT|EXPOSE|HEALTHCHECK|STOPSIGNAL|VOLUME)$/.test(
      item.keyword,
    );
  if (/\/etc\/(apt|apk)\//.test(item.body.text)) return true;
  return commands
    .filter(({ run }) => run === item)
    .some(({ program }) =>
      /^(apk|apt|apt-get|useradd|adduser|groupadd|addgroup)$/.test(program ?? ""),
    );
}

/** The instruction, with the comments above it where it moves. */
function sourceText(
  item: Instruction,
  { stage, dockerfile: { text } }: SplitSubject,
): string {
  const start = item.leadingComments[0]?.range.start ?? item.range.start;
  return isConfiguration(item) && item.stage === stage
    ? text.slice(start, item.range.end)
    : text.slice(item.range.start, item.range.end);
}

function textOf({ range }: Instruction, { text }: Dockerfile): string {
  return text.slice(range.start, range.end);
}

/** Takes out whole lines, and one of two empty lines that would meet. */
function removal(item: Instruction, { text, lineBreak }: Dockerfile): Edit {
  const first = item.leadingComments[0]?.range.start ?? item.range.start;
  const start = text.lastIndexOf("\n", first - 1) + 1;
  const lineEnd = text.indexOf("\n", item.range.end);
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  const isBetweenEmpty =
    text.slice(0, start).endsWith(lineBreak + lineBreak) &&
    text.slice(end).startsWith(lineBreak);
  return {
    range: { start, end: end + (isBetweenEmpty ? lineBreak.length : 0) },
    text: "",
  };
}

/** Gives the build stage its name; the one that it had goes to the final stage. */
function nameEdit({ dockerfile, stage }: SplitSubject, name: string): Edit {
  const { range } = stage.from;
  const text = textOf(stage.from, dockerfile);
  const named = /\s(as)\s+\S+\s*$/i.exec(text);
  if (!named)
    return {
      range: { start: range.end, end: range.end },
      text: text.startsWith("from") ? ` as ${name}` : ` AS ${name}`,
    };
  const start = range.start + named.index + text.slice(named.index).search(/\S+\s*$/);
  return { range: { start, end: range.end }, text: name };
}

function freeName({ stages }: Dockerfile): string {
  const taken = new Set(stages.map(({ name }) => name));
  const names = ["build", "builder", "compile"];
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  let number = 2;
  while (taken.has(`build-${number}`)) number += 1;
  return `build-${number}`;
}

function upper(lines: readonly (Line | string)[]): string[] {
  return lines.map((line) =>
    typeof line === "string" ? line : `${line.keyword} ${line.rest}`,
  );
}

/** For files that write their keywords small. */
function lower(lines: readonly (Line | string)[]): string[] {
  return lines.map((line) =>
    typeof line === "string" ? line : `${line.keyword.toLowerCase()} ${line.rest}`,
  );
}
