/**
 * Programs that a command can put a second copy of in front on the PATH while the shell
 * remembers where it found the first. dash and bash look a program up once per shell
 * (POSIX.1-2017, 2.9.1.1, item 1e), so `pip install -U pip && pip install x` may run the old
 * pip in one RUN where two RUNs would run the new one (pypa/pip issue 5240).
 */
export interface SelfUpgrade {
  readonly family: string;
  readonly member: RegExp;
  /** Whether a program, run with these arguments, installs the family anew. */
  upgrades(program: string, args: readonly string[]): boolean;
  /** Official images whose own copy is first on the PATH, so that it is replaced in place. */
  readonly inPlace: RegExp;
}

const pip = /^pip[\d.]*$/;
const python = /^python[\d.]*$/;

export const selfUpgrades: readonly SelfUpgrade[] = [
  {
    family: "pip",
    member: pip,
    upgrades: (program, args) =>
      args.some((arg) => arg.endsWith("get-pip.py") || /^(-m)?ensurepip$/.test(arg)) ||
      ((pip.test(program) || python.test(program) || program === "easy_install") &&
        args.some((arg) => /^pip([=<>!~[].*)?$/.test(arg)) &&
        args.some((arg) => /^(install|-U|--upgrade)$/.test(arg))),
    inPlace:
      /^(library\/)?(python|pypy)$|^(continuumio|conda-?forge|mambaorg|condaforge)\//,
  },
  {
    family: "npm",
    member: /^np[mx]$/,
    upgrades: (program, args) =>
      program === "npm" && args.some((arg) => /^npm(@.*)?$/.test(arg)),
    inPlace: /^(library\/)?node$/,
  },
  {
    // `n` puts another Node.js with its npm into /usr/local.
    family: "node",
    member: /^(node|np[mx]|corepack)$/,
    upgrades: (program) => program === "n",
    inPlace: /^(library\/)?node$/,
  },
  {
    family: "gem",
    member: /^(gem|bundler?)$/,
    upgrades: (program, args) =>
      program === "gem" && args.some((arg) => arg === "--system" || arg === "bundler"),
    inPlace: /^(library\/)?j?ruby$/,
  },
];

/** Families that an image's programs are upgraded in place in. */
export function upgradedInPlace(repository: string | undefined): ReadonlySet<string> {
  return new Set(
    repository === undefined
      ? []
      : selfUpgrades
          .filter(({ inPlace }) => inPlace.test(repository))
          .map(({ family }) => family),
  );
}
