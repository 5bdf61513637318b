import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";

/**
 * Options and subcommands that only Yarn 1 has (its documentation, CLI commands; Berry
 * refuses them). Berry keeps its cache in the project, where the program may need it.
 */
const onlyInYarn1 =
  /\byarn(pkg)?\s+global\b|\byarn(pkg)?\b[^&|;\n]*\s--(pure-lockfile|ignore-optional|ignore-platform|no-bin-links|flat|network-concurrency|skip-integrity-check|ignore-scripts|no-progress|modules-folder|no-lockfile|link-duplicates|prod|production)\b|\byarn@(\^|~)?1\b/;

const berry =
  /\bcorepack\b|\byarn\s+set\s+version\b|--immutable\b|\.yarnrc\.yml|\.yarn\b|\byarn@(berry|stable|[2-9])/;

/** Files that tell Yarn 1's projects; none of them can turn `yarn` into Berry. */
const yarn1Files =
  /(^|\/)(package\*?\.json|package-lock\*?\.json|yarn\.lock\*?|yarn\*?|\.npmrc|\.yarnrc)$/;

/** Whether `yarn` in this RUN is Yarn 1 for certain. */
export function isYarn1(run: Instruction, dockerfile: Dockerfile): boolean {
  const before = instructionsBefore(run);
  const text = ({ body, range }: Instruction): string =>
    body.text || dockerfile.text.slice(range.start, range.end);
  const whole = [...before, run].map(text);
  if (whole.some((part) => berry.test(part))) return false;
  return (
    whole.some((part) => onlyInYarn1.test(part)) ||
    before
      .filter(({ keyword }) => keyword === "COPY" || keyword === "ADD")
      .every((copy) => sourcesOf(copy).every((source) => yarn1Files.test(source)))
  );
}

/** Of the stage and the stages below it, up to this RUN. */
function instructionsBefore(run: Instruction): Instruction[] {
  const result: Instruction[] = [];
  let stage: Stage | undefined = run.stage;
  while (stage) {
    result.push(...stage.instructions.filter(({ index }) => index < run.index));
    stage = stage.base.kind === "stage" ? stage.base.stage : undefined;
  }
  return result;
}

function sourcesOf(copy: Instruction): readonly string[] {
  const words = copy.json ?? copy.body.text.split(/\s+/);
  return words.slice(0, -1);
}
