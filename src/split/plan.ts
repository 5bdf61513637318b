import type { Instruction, Range } from "../dockerfile/types.ts";

/** What the analysis concludes, and from what. */
export interface Finding {
  readonly topic: "toolchain" | "build" | "artefact" | "start" | "need" | "unknown";
  readonly text: string;
  readonly evidence: Evidence;
}

/** A place in the Dockerfile, or in a file of the build context. */
export type Evidence = Range | { readonly file: string; readonly line: number };

/** Something that the build stage makes or holds, and that the final stage can't do without. */
export interface Artefact {
  /** Absolute, in the final stage; a file, or a folder with all that is in it. */
  readonly path: string;
  /** Where the build stage has it, if not at the same path. */
  readonly source?: string;
  /** As `--chown` takes it, where it isn't root's. */
  readonly owner?: string;
  /** Offset in the Dockerfile of what makes it; undefined where it is there from the start. */
  readonly madeAt?: number;
  /** A program that the build makes, of which one copy is enough. */
  readonly isProgram?: boolean;
}

export interface RuntimeBase {
  readonly family: "debian" | "ubuntu" | "alpine" | "none";
  /** As FROM names it: `scratch`, `debian:bookworm-slim`. */
  readonly image: string;
  /** A line for the Dockerfile where the choice needs explaining, without `#`. */
  readonly comment?: string;
  /** The folder in which a container starts unless a WORKDIR says otherwise. */
  readonly workdir: string;
  /** Whether it has a shell, so that RUN works in it. */
  readonly hasShell: boolean;
}

/** Lines in front of an instruction of the build stage, or at its end. */
export interface AddedLines {
  readonly before: Instruction | undefined;
  readonly lines: readonly string[];
}

/** Where pip installs in a build stage, in place of the image's own folder `/usr/local`. */
export const pipPrefix = "/install";

/** The option for that, behind the subcommand. */
export const pipPrefixOption = ` --prefix=${pipPrefix}`;

/** All that may be added to a build stage. */
const addedLine =
  /^(ENV PYTHONPATH=\/install\/lib\/python3\.\d+\/site-packages|RUN npm prune --omit=dev)$/;

/** Whether a build stage may have an instruction that the original doesn't have. */
export function isAddedLine(text: string): boolean {
  return addedLine.test(text);
}

/** How a stage is split in two: all that the text of the result depends on. */
export interface SplitPlan {
  /** For messages, e.g. `Go`. */
  readonly ecosystem: string;
  readonly runtime: RuntimeBase;
  /** Instructions without which the final stage works; the others are in both, or move. */
  readonly buildOnly: ReadonlySet<Instruction>;
  readonly artefacts: readonly Artefact[];
  /** Packages that the final stage has to install for itself. */
  readonly packages: readonly string[];
  /** Commands that give copied folders their owner and rights, which COPY doesn't. */
  readonly rights: readonly string[];
  /** Commands that the final stage begins with, and those that it needs after copying. */
  readonly setup: readonly string[];
  readonly refresh: readonly string[];
  /** Lines that the build stage has besides; see `isAddedLine`. */
  readonly added: readonly AddedLines[];
  /** What the toolchain's image sets, and the runtime base doesn't. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Offsets at which `pip install` gets the option `pipPrefixOption`. */
  readonly prefixed: readonly number[];
  /** Folders to add to PATH, because what starts is found in them. */
  readonly searched: readonly string[];
  readonly findings: readonly Finding[];
  /** What a person has to check, in whole sentences. */
  readonly assumptions: readonly string[];
  /** Estimate in bytes of what the image loses; undefined where no size is known. */
  readonly savedBytes: number | undefined;
}

/** Why no split is proposed. */
export interface Silence {
  readonly reason: string;
  readonly range: Range;
}

export function isSilence(result: object): result is Silence {
  return "reason" in result;
}
