import type { Instruction } from "./types.ts";

/** `RUN --network=none` (Dockerfile reference, "RUN --network"). */
export function hasNoNetwork({ flags }: Instruction): boolean {
  return flags.some(({ name, value }) => name === "network" && value === "none");
}
