import { oncePer } from "../../dockerfile/once-per.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import type { CacheFlag } from "../../knowledge/cache-flags.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { literalValue } from "../../shell/words.ts";
import { runProgram } from "../run-program.ts";

/** Where a Dockerfile names a manager's cache in a way that may rely on its being there. */
interface Mentions {
  /** Index of the last such instruction of a stage. */
  readonly last: ReadonlyMap<Stage, number>;
  /** Stages on which another one stands that has such an instruction. */
  readonly below: ReadonlySet<Stage>;
  /** Stages that have such an instruction, and those that stand on them. */
  readonly above: ReadonlySet<Stage>;
  /** Another stage copies or mounts the cache; it doesn't matter from which one. */
  readonly acrossStages: boolean;
}

/**
 * Whether something that runs after the instruction, or in the same RUN, may rely on the
 * cache: `mv ~/.cache/pip …`, `rm -r /var/cache/apk/*` (which fails when there is nothing).
 */
export function isCacheUsedLater(
  run: Instruction,
  manager: CacheFlag,
  dockerfile: Dockerfile,
): boolean {
  const { stage } = run;
  if (!stage) return false;
  const { last, below, acrossStages } = mentions(dockerfile)(manager);
  return acrossStages || below.has(stage) || (last.get(stage) ?? -1) >= run.index;
}

/** Whether anything in the stage, below it or on top of it names the cache like that. */
export function isCacheUsedAround(
  stage: Stage,
  manager: CacheFlag,
  dockerfile: Dockerfile,
): boolean {
  const { below, above, acrossStages } = mentions(dockerfile)(manager);
  return acrossStages || below.has(stage) || above.has(stage);
}

const mentions = oncePer((dockerfile: Dockerfile) =>
  oncePer((manager: CacheFlag) => findMentions(dockerfile, manager)),
);

function findMentions(dockerfile: Dockerfile, manager: CacheFlag): Mentions {
  const last = new Map<Stage, number>();
  let acrossStages = false;
  const isNamed = manager.cacheText.test(dockerfile.text);
  for (const instruction of isNamed ? dockerfile.instructions : []) {
    const { stage } = instruction;
    if (!stage || !mayRelyOn(instruction, manager, dockerfile)) continue;
    last.set(stage, instruction.index);
    acrossStages ||= namesOtherStage(instruction);
  }
  const below = new Set<Stage>();
  for (const stage of [...dockerfile.stages].reverse()) {
    if (stage.base.kind === "stage" && (below.has(stage) || last.has(stage)))
      below.add(stage.base.stage);
  }
  const above = new Set<Stage>(last.keys());
  for (const stage of dockerfile.stages) {
    if (stage.base.kind === "stage" && above.has(stage.base.stage)) above.add(stage);
  }
  return { last, below, above, acrossStages };
}

function mayRelyOn(
  instruction: Instruction,
  { cacheText }: CacheFlag,
  dockerfile: Dockerfile,
): boolean {
  const text = dockerfile.text.slice(instruction.range.start, instruction.range.end);
  if (!cacheText.test(text)) return false;
  if (instruction.keyword !== "RUN") return namesOtherStage(instruction);
  const program = runProgram(instruction, dockerfile);
  if (program.kind === "opaque") return true;
  let rest = program.script.text;
  for (const command of simpleCommands(program.script)) {
    const { pos, end } = command.node;
    const redirects = command.node.redirects.map(({ pos, end }) => rest.slice(pos, end));
    if (isIndifferent(command) && !cacheText.test(redirects.join(" ")))
      rest = rest.slice(0, pos) + " ".repeat(end - pos) + rest.slice(end);
  }
  return cacheText.test(rest) || namesOtherStage(instruction);
}

function namesOtherStage({ flags }: Instruction): boolean {
  return flags.some(
    ({ name, value = "" }) =>
      name === "from" || (name === "mount" && /(^|,)from=/.test(value)),
  );
}

/** Whether the command does the same with and without the cache: `rm -f`, `mkdir -p`. */
export function isIndifferent({ invocation }: SimpleCommand): boolean {
  const { program, args = [] } = invocation ?? {};
  const letter = program === "rm" ? "f" : program === "mkdir" ? "p" : undefined;
  const long = program === "rm" ? "--force" : "--parents";
  return (
    letter !== undefined &&
    args.some((arg) => {
      const value = literalValue(arg) ?? "";
      return value === long || (/^-[A-Za-z]+$/.test(value) && value.includes(letter));
    })
  );
}
