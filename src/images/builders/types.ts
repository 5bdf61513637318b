import type { RuntimeConfig } from "../types.ts";
import type { RunOutcome } from "./run-output.ts";

/** A program that builds, stores and runs images. */
export interface Builder {
  readonly id: "docker" | "podman" | "buildah";
  /** For people: tells the two builders of docker apart. */
  readonly name: string;
  /** Calls that all end with 0 where it can build; docker without its daemon can't. */
  readonly probes: readonly (readonly string[])[];
  /** Its exit code is 0 if there is such an image. */
  hasImage(name: string): readonly string[];
  /** Writes an archive that `readImage` reads. */
  exportImage(name: string, file: string): readonly string[];
  build(request: BuildRequest): readonly string[];
  /** Added to the environment of a build. */
  readonly buildEnvironment: Readonly<Record<string, string>>;
  /** Whether it knows `--secret`. */
  readonly hasSecrets: boolean;
  /**
   * Removes images, by name with the layers that only they have. Where these are to stay as
   * a cache, not every builder can leave them.
   */
  removeImages(names: readonly string[], keepLayers: boolean): readonly string[];
  /**
   * Prints an image's names, and nothing or `[]` where it has none. Undefined where a build
   * leaves no nameless images.
   */
  readonly namesOf: ((id: string) => readonly string[]) | undefined;
  /**
   * The containers in which it builds, those of all builds; undefined where a build leaves
   * none.
   */
  readonly workingContainers:
    | {
        /** Lists them as JSON. */
        readonly list: readonly string[];
        readonly remove: (ids: readonly string[]) => readonly string[];
      }
    | undefined;
  /** Runs a container of an image, and removes it. Never rejects. */
  run(program: string, request: RunRequest): Promise<RunOutcome>;
}

export interface BuildRequest {
  /** Path of the build context's folder. */
  readonly context: string;
  readonly dockerfile: string;
  /** The name that the image gets. */
  readonly tag: string;
  /** `NAME=value`, or `NAME` with the value in the environment. */
  readonly buildArgs: readonly string[];
  /** As for `docker build --secret`. */
  readonly secrets: readonly string[];
  readonly target: string | undefined;
  readonly platform: string | undefined;
  /** The builder's own options, as they are. */
  readonly builderArgs: readonly string[];
  /** Whether layers of earlier builds may be used. */
  readonly keepCache: boolean;
}

export interface RunRequest {
  readonly image: string;
  readonly config: RuntimeConfig;
  /** A script for the image's `/bin/sh`; undefined: the image's ENTRYPOINT and CMD. */
  readonly script: string | undefined;
  /** Whether the image has a `/bin/sh`. */
  readonly hasShell: boolean;
  /** A folder for the output, empty. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}
