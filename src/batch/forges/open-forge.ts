import type { Outcome } from "../target-state.ts";
import type { Forge, ForgeKind } from "./forge.ts";

/** How a forge is reached. */
export interface ForgeSettings {
  /** Base address of its API, where it isn't the usual one of the host. */
  readonly api?: string | undefined;
  /** The variable that has the host's token, where it isn't one of the usual ones. */
  readonly tokenEnv?: string | undefined;
  /** Where tokens come from; default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Most that one call may take, with its answer's body, in milliseconds. */
  readonly timeout?: number | undefined;
  /** Wait before a call that only reads is repeated the first time, in milliseconds. */
  readonly pause?: number | undefined;
}

type Open = (host: string, settings: ForgeSettings) => Promise<Outcome<Forge>>;

/** Each is loaded when it is needed first. */
const forges: Readonly<Record<ForgeKind, () => Promise<Open>>> = {
  github: async () => (await import("./github.ts")).openGitHub,
  gitlab: async () => (await import("./gitlab.ts")).openGitLab,
  gitea: async () => (await import("./gitea.ts")).openGitea,
};

/**
 * Finds the token for a forge and makes its calls ready. Calls nothing itself.
 *
 * @param host With the port where there is one; names the API unless the settings do.
 * @returns A failure of class unauthorized where there is no token.
 */
export async function openForge(
  kind: ForgeKind,
  host: string,
  settings: ForgeSettings = {},
): Promise<Outcome<Forge>> {
  const open = await forges[kind]();
  return open(host, settings);
}
