/** Who runs a command that only root can: it wouldn't have succeeded otherwise. */

interface RootCommand {
  readonly programs: RegExp;
  /** Matched against each argument; one has to be a sub-command like this. */
  readonly subcommands: RegExp;
}

/**
 * - yum, dnf, zypper and pacman look at the user first: “You need to be root to perform this
 *   command”, “This command has to be run with superuser privileges”
 * - apt-get and dpkg open locks in /var/lib/dpkg, and dpkg asks for superuser privilege
 * - apk opens /lib/apk/db/lock for writing
 * - useradd(8), groupadd(8): they write /etc/passwd and /etc/group
 */
const rootCommands: readonly RootCommand[] = [
  {
    programs: /^(apt|apt-get|aptitude)$/,
    subcommands: /^(install|upgrade|dist-upgrade|full-upgrade|build-dep)$/,
  },
  { programs: /^apk$/, subcommands: /^(add|del|upgrade)$/ },
  {
    programs: /^(yum|dnf|dnf5|microdnf|tdnf|zypper)$/,
    subcommands: /^(install|in|update|up|upgrade|groupinstall|remove)$/,
  },
  { programs: /^pacman$/, subcommands: /^-S[yuc]*$/ },
];

/** Options by which the same commands work on other folders, which may be anybody's. */
const elsewhere =
  /^(-o|--option|--root|-p|--usermode|--installroot|-R|--sysroot|-r|--initdb|--download-only|-d|--dry-run|--simulate|-s|--print-uris|-c|--config|--downloadonly|-w)/;

/** Whether a command with these arguments succeeds for root alone. */
export function succeedsForRootAlone(program: string, args: readonly string[]): boolean {
  return rootCommands.some(
    ({ programs, subcommands }) =>
      programs.test(program) &&
      args.some((arg) => subcommands.test(arg)) &&
      !args.some((arg) => elsewhere.test(arg)),
  );
}
