import { oncePer } from "../dockerfile/once-per.ts";
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
  const { stage } = run;
  if (!stage) return false;
  const { berryFrom, otherFilesFrom } = signs(dockerfile).get(stage) ?? {};
  if (berryFrom !== undefined && berryFrom <= run.index) return false;
  const image = rootImage(stage);
  return (
    calls.every(({ invocation }) =>
      invocation?.args.some((arg) => onlyInYarn1.test(arg.text)),
    ) ||
    (image !== undefined &&
      keepsDefaultShell(image) &&
      (otherFilesFrom === undefined || otherFilesFrom >= run.index))
  );
}

/** Indices of instructions in a stage or in one below it. */
interface Signs {
  /** The first one that speaks for Berry. */
  readonly berryFrom: number | undefined;
  /** The first one that copies files which may turn `yarn` into Berry. */
  readonly otherFilesFrom: number | undefined;
}

const signs = oncePer((dockerfile: Dockerfile): ReadonlyMap<Stage, Signs> => {
  const found = new Map<Stage, Signs>();
  const text = ({ body, range }: Instruction): string =>
    body.text || dockerfile.text.slice(range.start, range.end);
  for (const stage of dockerfile.stages) {
    const below = stage.base.kind === "stage" ? found.get(stage.base.stage) : undefined;
    const first = (isSign: (instruction: Instruction) => boolean): number | undefined =>
      stage.instructions.find(isSign)?.index;
    found.set(stage, {
      berryFrom:
        below?.berryFrom ?? first((instruction) => berry.test(text(instruction))),
      otherFilesFrom: below?.otherFilesFrom ?? first(copiesOtherFiles),
    });
  }
  return found;
});

function copiesOtherFiles(instruction: Instruction): boolean {
  const { keyword } = instruction;
  return (
    (keyword === "COPY" || keyword === "ADD") &&
    !sourcesOf(instruction).every((source) => yarn1Files.test(source))
  );
}

function sourcesOf(copy: Instruction): readonly string[] {
  const words = copy.json ?? copy.body.text.split(/\s+/);
  return words.slice(0, -1);
}
