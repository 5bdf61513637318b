import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Config } from "../files/config.ts";
import { ignoreMatcher } from "../files/ignore.ts";
import { allowance } from "../verify/may-differ.ts";
import type { VerifyOptions } from "../verify/verify-builds.ts";

/** How images are built and run; `verify` and `fix --verify` take the same options. */
export interface BuildCommandOptions {
  readonly builder?: string;
  readonly context?: string;
  readonly buildArg?: readonly string[];
  readonly secret?: readonly string[];
  readonly target?: string;
  readonly platform?: string;
  readonly builderArg?: readonly string[];
  readonly keepCache?: boolean;
  /** Seconds for each build. */
  readonly timeout?: number;
  readonly run?: string;
  readonly runEntrypoint?: boolean;
  /** Seconds for each run. */
  readonly runTimeout?: number;
  readonly keep?: boolean;
}

const defaultSeconds = { build: 3600, run: 60 };

/**
 * The options of the two builds of one Dockerfile.
 *
 * @param given `folder`: where archives, output and logs go, which somebody else removes
 */
export async function verifyOptions(
  options: BuildCommandOptions,
  given: {
    readonly dockerfile: string;
    readonly config: Config;
    readonly folder: string;
  } & Pick<VerifyOptions, "found" | "interrupted" | "onProgress">,
): Promise<VerifyOptions> {
  const { dockerfile, config, folder, ...rest } = given;
  const mayDiffer = config.settings.verify?.mayDiffer ?? [];
  return {
    ...rest,
    allowed: allowance(await ignoreMatcher("/", mayDiffer)),
    scratch: folder,
    logs: folder,
    build: {
      context: contextFolder(options, dockerfile),
      buildArgs: options.buildArg ?? [],
      secrets: options.secret ?? [],
      target: options.target,
      platform: options.platform,
      builderArgs: options.builderArg ?? [],
      keepCache: options.keepCache ?? false,
    },
    run:
      options.run !== undefined || options.runEntrypoint === true
        ? { script: options.run }
        : undefined,
    milliseconds: {
      build: 1000 * (options.timeout ?? defaultSeconds.build),
      run: 1000 * (options.runTimeout ?? defaultSeconds.run),
    },
    keep: options.keep ?? false,
  };
}

/** Why the options can't be used. */
export function buildOptionsProblem({
  context,
  run,
  runEntrypoint,
}: BuildCommandOptions): string | undefined {
  if (run !== undefined && runEntrypoint) {
    return "--run and --run-entrypoint can't be used together.";
  }
  if (context === undefined || isFolder(context)) return undefined;
  return `--context ${context} is no folder.`;
}

/** Where none is given, the Dockerfile's own folder. */
function contextFolder({ context }: BuildCommandOptions, dockerfile: string): string {
  return context === undefined ? dirname(resolve(dockerfile)) : resolve(context);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
