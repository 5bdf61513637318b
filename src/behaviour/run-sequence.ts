import { defaultOptions, type Shell } from "../shell/dialect.ts";
import type { Script } from "../shell/parse.ts";
import { leaving } from "./compound.ts";
import { listSteps } from "./graph.ts";
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
    }
  /** Exec form, a heredoc, a shell that isn't modelled: compared by its text. */
  | { readonly kind: "opaque"; readonly text: string };

/**
 * The steps of RUNs that follow each other. Each one starts with a new shell, and the build
 * goes on to the next one only if the shell ends with status 0.
 */
export function runSequence(programs: readonly Program[], histories: Histories): Step {
  const buildFails = ending("the build fails");
  const goesOn = ending("the next instruction");
  const from = (index: number, state: ShellState): Step => {
    const program = programs[index];
    if (!program) return goesOn(state);
    if (program.kind === "opaque") {
      const options = freshState(defaultOptions);
      return {
        label: "run",
        words: [program.text],
        edges: [once(() => from(index + 1, options)), once(() => buildFails(options))],
        parts: [],
      };
    }
    const outcome = {
      success: leaving((final) => from(index + 1, final)),
      failure: leaving(buildFails),
    };
    const { script, shell, flags } = program;
    const context = {
      text: script.text,
      errexitIgnored: false,
      surroundings: flags,
      exit: outcome,
      histories,
    };
    return listSteps(script.tree.commands, freshState(shell.options), context, outcome);
  };
  return from(0, freshState(defaultOptions));
}
