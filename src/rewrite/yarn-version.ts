import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import { keepsDefaultShell } from "../knowledge/base-shells.ts";
import type { SimpleCommand } from "../shell/commands.ts";
import { rootImage } from "./root-image.ts";

/**
 * Options that only Yarn 1 has (its documentation, CLI commands; Berry refuses them). Berry
 * keeps its cache in the project, where the program may need it.
 */
const onlyInYarn1 =
  /^--(pure-lockfile|ignore-optional|ignore-platform|no-bin-links|flat|network-concurrency|skip-integrity-check|ignore-scripts|no-progress|modules-folder|no-lockfile|link-duplicates|prod|production)(=|$)/;

const berry =
  /\bcorepack\b|\byarn\s+set\s+version\b|--immutable\b|\.yarnrc\.yml|\.yarn\b|\byarn@(berry|stable|[2-9])/;

/** Files that tell Yarn 1's projects; none of them can turn `yarn` into Berry. */
const yarn1Files =
  /(^|\/)(package\*?\.json|package-lock\*?\.json|yarn\.lock\*?|yarn\*?|\.npmrc|\.yarnrc)$/;

/**
 * Whether `yarn` is Yarn 1 for certain: each call says so by its options, or only files were
 * copied into an official image that can't turn it into Berry.
 */
export function isYarn1(
  run: Instruction,
  calls: readonly SimpleCommand[],
  dockerfile: Dockerfile,
): boolean {
  const before = instructionsBefore(run);
  const text = ({ body, range }: Instruction): string =>
    body.text || dockerfile.text.slice(range.start, range.end);
  if ([...before, run].some((instruction) => berry.test(text(instruction)))) return false;
  const image = run.stage && rootImage(run.stage);
  return (
    calls.every(({ invocation }) =>
      invocation?.args.some((arg) => onlyInYarn1.test(arg.text)),
    ) ||
    (image !== undefined &&
      keepsDefaultShell(image) &&
      before
        .filter(({ keyword }) => keyword === "COPY" || keyword === "ADD")
        .every((copy) => sourcesOf(copy).every((source) => yarn1Files.test(source))))
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
