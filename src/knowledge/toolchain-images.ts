import type { ImageReference } from "../dockerfile/types.ts";

/**
 * Variables that official images with a compiler set, and that commands in a Dockerfile use
 * (docker-library/golang, rust, maven, gradle, node, python).
 */
const environments: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [/(^|\/)golang$/, { GOPATH: "/go", HOME: "/root" }],
  [
    /(^|\/)rust$/,
    { CARGO_HOME: "/usr/local/cargo", RUSTUP_HOME: "/usr/local/rustup", HOME: "/root" },
  ],
];

const others: ReadonlyMap<string, string> = new Map([["HOME", "/root"]]);

export function toolchainEnv({
  repository = "",
}: ImageReference): ReadonlyMap<string, string> {
  const found = environments.find(([pattern]) => pattern.test(repository));
  return found ? new Map(Object.entries(found[1])) : others;
}
