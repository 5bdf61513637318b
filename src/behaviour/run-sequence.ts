import { defaultOptions, type Shell } from "../shell/dialect.ts";
import type { RunPlace } from "../knowledge/run-scoped.ts";
import type { Script } from "../shell/parse.ts";
import { leaving } from "./compound.ts";
import { listSteps, type Context, type Outcome } from "./graph.ts";
import { freshState, type Histories, type ShellState } from "./state.ts";
import { ending, once, type Step } from "./step.ts";

/** What one RUN executes. */
export type Program =
  | {
      readonly kind: "script";
      readonly script: Script;
      readonly shell: Shell;
      /** Mounts, network and the like, which every command of the RUN depends on. */
      readonly flags: string;
      /** Families of self-upgrades that stay where they are: see knowledge/self-upgrades.ts. */
      readonly upgradedInPlace: ReadonlySet<string>;
      /** Names of programs that a RUN of the file puts somewhere by path. */
      readonly placedPrograms: ReadonlySet<string>;
      readonly place: RunPlace;
      /** What earlier scripts in the same shell have left, if there are any. */
      readonly inherited?: Pick<ShellState, "options" | "lookups">;
    }
  /** Exec form, a heredoc, a shell that isn't modelled: compared by its text. */
  | { readonly kind: "opaque"; readonly text: string };

export type ScriptProgram = Extract<Program, { kind: "script" }>;

/** The state in which the shell of a RUN starts. */
export function startOf({ shell, inherited }: ScriptProgram): ShellState {
  return { ...freshState(shell.options), ...inherited };
}

/** @param exit where the build goes when the shell ends */
export function contextOf(
  program: ScriptProgram,
  histories: Histories,
  exit: Outcome,
): Context {
  return {
    text: program.script.text,
    errexitIgnored: false,
    surroundings: program.flags,
    exit,
    histories,
    upgradedInPlace: program.upgradedInPlace,
    placedPrograms: program.placedPrograms,
    place: program.place,
    isWatched: /\btrap\b[^]*\bDEBUG\b/.test(program.script.text),
  };
}

/**
 * The steps of RUNs that follow each other. Each one starts with a new shell, and the build
 * goes on to the next one only if the shell ends with status 0.
 */
export function runSequence(programs: readonly Program[], histories: Histories): Step {
  const failure: Step = { label: "the build fails", words: [], edges: [], parts: [] };
  const buildFails = (): Step => failure;
  const goesOn = ending("the next instruction");
  const from = (index: number, state: ShellState): Step => {
    const program = programs[index];
    if (!program) return goesOn(state);
    if (program.kind === "opaque") {
      const options = freshState(defaultOptions);
      return {
        label: "run",
        words: [program.text],
        edges: [once(() => from(index + 1, options)), buildFails],
        parts: [],
      };
    }
    const outcome = {
      success: leaving((final) => from(index + 1, final)),
      failure: leaving(buildFails),
    };
    const context = contextOf(program, histories, outcome);
    const { commands } = program.script.tree;
    return listSteps(commands, startOf(program), context, outcome);
  };
  return from(0, freshState(defaultOptions));
}
