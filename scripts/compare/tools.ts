/** A published program that rewrites Dockerfiles. */
export interface Tool {
  /** Name of its npm package. */
  readonly name: string;
  readonly version: string;
  /** What it is for, in a word or two. */
  readonly kind: string;
  /** Its program in `node_modules/.bin` and the arguments in front of the file. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Where the new text comes out. */
  readonly output: "file" | "standard output";
}

export const tools: readonly Tool[] = [
  {
    name: "@reteps/dockerfmt",
    version: "0.5.4",
    kind: "formatter",
    command: ["dockerfmt", "--newline", "--write"],
    output: "file",
  },
  {
    name: "dockerfile-utils",
    version: "0.16.3",
    kind: "formatter",
    command: ["dockerfile-utils", "format"],
    output: "standard output",
  },
];

export interface LeftOut {
  readonly names: string;
  readonly reason: string;
}

/** What else is published, and why it has no row. */
export const leftOut: readonly LeftOut[] = [
  {
    names: "hadolint, dockerfilelint, dockerlint, dockerfile_lint, dockerlinter",
    reason: "report and change nothing",
  },
  {
    names: "prettier-plugin-sh",
    reason: "formats Dockerfiles with @reteps/dockerfmt, which has a row",
  },
  {
    names: "docker-optimize, @tdurieux/docker-parfum",
    reason: "the npm registry that we have did not serve them",
  },
  {
    names: "docker-optimizer, dockerfile-doctor, dockerfile-hardener",
    reason:
      "come from PyPI, which was out of reach; `--outputs` takes what they make of the files",
  },
  {
    names: "dockershrink, dockeropt",
    reason: "ask a language model over the network",
  },
];
