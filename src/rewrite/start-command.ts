import { oncePer } from "../dockerfile/once-per.ts";
import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";

/** What a container of a stage's image runs. */
export interface Starts {
  /** ENTRYPOINT and CMD as shell code; undefined where the file has neither. */
  readonly start: string | undefined;
  readonly health: string | undefined;
}

/** Looks in the stage, then in the ones that it stands on. */
export const startsOf = oncePer((dockerfile: Dockerfile) =>
  oncePer((stage: Stage): Starts => {
    const last = (keyword: string): Instruction | undefined => {
      for (let current: Stage | undefined = stage; current;) {
        const found = current.instructions.findLast((item) => item.keyword === keyword);
        if (found) return found;
        current = current.base.kind === "stage" ? current.base.stage : undefined;
      }
      return undefined;
    };
    const [entrypoint, command] = [last("ENTRYPOINT"), last("CMD")];
    const check = last("HEALTHCHECK");
    const health = check && codeOf(check, dockerfile).replace(/^(CMD|NONE)\s*/i, "");
    const parts = [entrypoint, entrypoint && !entrypoint.json ? undefined : command];
    const codes = parts.flatMap((part) => (part ? [codeOf(part, dockerfile)] : []));
    return { start: codes.length > 0 ? codes.join(" ") : undefined, health };
  }),
);

function codeOf({ json, body, range }: Instruction, { text }: Dockerfile): string {
  if (json) return shellText(json);
  return body.text || text.slice(range.start, range.end);
}

/** The words of an exec form as a shell would have to be given them. */
export function shellText(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
    )
    .join(" ");
}

/** Of these stages, those on which none of the others is built. */
export function leaves(stages: readonly Stage[]): readonly Stage[] {
  const bases = new Set(
    stages.flatMap(({ base }) => (base.kind === "stage" ? [base.stage] : [])),
  );
  return stages.filter((stage) => !bases.has(stage));
}
