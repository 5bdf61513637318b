import type {
  Dockerfile,
  ImageReference,
  Instruction,
  Stage,
} from "../dockerfile/types.ts";
import { rootImage } from "../rewrite/root-image.ts";
import { baseWorkdir } from "../knowledge/base-workdirs.ts";
import { toolchainEnv } from "../knowledge/toolchain-images.ts";
import type { BuildContext, FindBuildContext } from "./build-context.ts";
import { copiedFiles, readCopy, type CopyStep } from "./copies.ts";
import { withRecipes } from "./make-recipes.ts";
import { inheritedInstructions } from "./lineage.ts";
import { readCommands, type StageCommand, type Unreadable } from "./stage-commands.ts";
import { readStart, type Start } from "./start.ts";
import { readSurroundings, type BaseFacts, type Surroundings } from "./surroundings.ts";

/** The stage that is to be split, read as far as the Dockerfile and the build context go. */
export interface SplitSubject {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  /** Those of the stages that it stands on, too, without FROM; see `inheritedInstructions`. */
  readonly instructions: readonly Instruction[];
  readonly image: ImageReference;
  readonly base: BaseFacts;
  /** What applies at one of the stage's instructions; of undefined: at its end. */
  readonly around: (instruction: Instruction | undefined) => Surroundings;
  readonly context: BuildContext | undefined;
  readonly commands: readonly StageCommand[];
  /** RUNs that can't be read. */
  readonly unreadable: readonly Unreadable[];
  readonly copies: readonly CopyStep[];
  /** Files of the build context by their path in the image. Empty without a build context. */
  readonly files: ReadonlyMap<string, string>;
  readonly start: Start | undefined;
}

/** @returns undefined for a stage that stands on no image, neither by itself nor by another */
export function readSubject(
  stage: Stage,
  dockerfile: Dockerfile,
  findContext: FindBuildContext,
): SplitSubject | undefined {
  const image = rootImage(stage);
  if (!image) return undefined;
  const base = { workdir: baseWorkdir(image) ?? "/", env: toolchainEnv(image) };
  const instructions = inheritedInstructions(stage);
  const ofKind = (...keywords: readonly string[]): Instruction[] =>
    instructions.filter(({ keyword }) => keywords.includes(keyword));
  const around = readSurroundings(instructions, stage, dockerfile, base);
  const runs = ofKind("RUN").map((run) => readCommands(run, dockerfile, around(run)));
  const copies = ofKind("COPY", "ADD").map((item) =>
    readCopy(item, around(item), dockerfile.escape),
  );
  const found = findContext(sourcesOf(copies));
  const context = found && holdsSources(copies, found) ? found : undefined;
  const files = context ? copiedFiles(copies, context) : new Map<string, string>();
  return {
    dockerfile,
    stage,
    instructions,
    image,
    base,
    around,
    context,
    commands: withRecipes(
      runs.flatMap((read) => ("reason" in read ? [] : read)),
      files,
      context,
    ),
    unreadable: runs.flatMap((read) => ("reason" in read ? [read] : [])),
    copies,
    files,
    start: readStart({ instructions, atEnd: around(undefined), context, files }),
  };
}

function sourcesOf(copies: readonly CopyStep[]): readonly string[] {
  return copies.flatMap(({ from, sources }) =>
    from === undefined ? sources.filter((source) => !/:\/\/|\$/.test(source)) : [],
  );
}

/** Whether the Dockerfile was written for this build context, and not for a folder above. */
function holdsSources(copies: readonly CopyStep[], context: BuildContext): boolean {
  return copies.every(
    (copy) =>
      copy.from !== undefined ||
      copy.sources.every((source) => source.includes("://")) ||
      copiedFiles([{ ...copy, destination: "/" }], context).size > 0,
  );
}
