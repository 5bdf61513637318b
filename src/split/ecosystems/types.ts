import type { Building } from "../assemble.ts";
import type { AddedLines, Artefact, Finding, RuntimeBase, Silence } from "../plan.ts";
import type { SplitSubject } from "../subject.ts";

/** Rules for one kind of program. */
export interface Ecosystem {
  /** For messages, e.g. `Go`. */
  readonly name: string;
  /** Whether the stage builds such a program. */
  readonly isConcerned: (subject: SplitSubject) => boolean;
  readonly read: (subject: SplitSubject) => EcosystemBuild | Silence;
}

export interface EcosystemBuild extends Building {
  /** What the build stage has to do besides. */
  readonly added?: readonly AddedLines[];
  /** See `SplitPlan`. */
  readonly prefixed?: readonly number[];
  readonly findings: readonly Finding[];
  /** The smallest base image that runs the artefacts and has what else is needed. */
  readonly runtime: (needs: RuntimeNeeds) => Runtime | Silence;
}

/** What the final stage needs besides the artefacts. */
export interface RuntimeNeeds {
  /** Something is run by a shell: a RUN, a script, a command in shell form. */
  readonly shell: boolean;
  /** Packages that the Dockerfile installs for run time. */
  readonly packages: readonly string[];
  /** The user that a container runs as is named, so that /etc/passwd has to know it. */
  readonly namedUser: boolean;
}

export interface Runtime {
  readonly base: RuntimeBase;
  /** Files of the build stage that the base image lacks, e.g. certificates. */
  readonly artefacts: readonly Artefact[];
  /** Packages that the program needs and that the Dockerfile doesn't name. */
  readonly packages: readonly string[];
  /** Commands for when everything is in its place, e.g. `ldconfig`. */
  readonly refresh?: readonly string[];
  /** Folders to add to PATH. */
  readonly searched?: readonly string[];
  /** What the image of the toolchain sets, and the base image doesn't. */
  readonly variables?: readonly (readonly [name: string, value: string])[];
  readonly findings: readonly Finding[];
  /** What a person has to check, in whole sentences. */
  readonly assumptions: readonly string[];
}
