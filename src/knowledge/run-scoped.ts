/**
 * What each RUN gets anew from the runtime, so that one RUN's changes to it don't reach the
 * next one. Sources: the OCI runtime specification (process.cwd is made if it is missing;
 * process.user; default mounts on /dev and /dev/shm), and BuildKit, which provides
 * /etc/hosts, /etc/resolv.conf and /etc/hostname per RUN.
 */
export interface RunPlace {
  /** The working directory with which the RUN starts, or one above it. */
  isAboveWorkdir(path: string): boolean;
  /** The user that the RUN runs as. */
  isUser(name: string): boolean;
}

/** For asking whether a command can matter in any place at all. */
export const anyPlace: RunPlace = { isAboveWorkdir: () => true, isUser: () => true };

const networkFiles = /^\/etc\/(hosts|resolv\.conf|hostname)$/;
const devices =
  /^\/dev\/(?!null$|zero$|u?random$|tty$|std(in|out|err)$|fd\/|tcp\/|udp\/)/;
const shells = /(^|\/)(ba|da|a)?sh$/;

const fileChangers: ReadonlySet<string> = new Set([
  "chmod",
  "chown",
  "cp",
  "dpkg-divert",
  "install",
  "ln",
  "mknod",
  "mkdir",
  "mv",
  "rm",
  "sed",
  "tee",
  "touch",
  "unlink",
  "update-alternatives",
]);

/** Programs that change the kernel's view of this one container. */
const kernelChangers: ReadonlySet<string> = new Set([
  "ip",
  "ip6tables",
  "iptables",
  "losetup",
  "mount",
  "modprobe",
  "sysctl",
  "swapon",
  "umount",
]);

const userChangers: ReadonlySet<string> = new Set([
  "addgroup",
  "adduser",
  "chsh",
  "deluser",
  "gpasswd",
  "groupmod",
  "userdel",
  "usermod",
]);

/** What the runtime provides anew for each RUN, by kind. */
export type RunScope = "account" | "device" | "kernel" | "network" | "shell" | "workdir";

/** What a program, run like this, changes that the next RUN would get anew. */
export function changesRunScope(
  program: string,
  args: readonly string[],
  place: RunPlace,
): RunScope | undefined {
  if (kernelChangers.has(program)) return "kernel";
  if (program === "dpkg-reconfigure")
    return args.some((arg) => shells.test(arg)) ? "shell" : undefined;
  if (userChangers.has(program) && args.some((arg) => place.isUser(arg)))
    return "account";
  if (program === "userdel" && args.some((arg) => /^-[a-z]*r|^--remove$/.test(arg)))
    return args.some((arg) => place.isAboveWorkdir(`/home/${arg}`))
      ? "workdir"
      : undefined;
  if (/^(rmdir|mv)$/.test(program) || isRecursiveRemoval(program, args)) {
    const moved = program === "mv" ? args.slice(0, -1) : args;
    if (moved.some((arg) => !arg.startsWith("-") && place.isAboveWorkdir(arg)))
      return "workdir";
  }
  if (!fileChangers.has(program)) return undefined;
  if (args.some((arg) => networkFiles.test(arg))) return "network";
  if (args.some((arg) => isDevice(program, arg))) return "device";
  return args.some((arg) => isShellProgram(program, arg)) ? "shell" : undefined;
}

/** Writing to /dev/random is nothing special, replacing it is. */
function isDevice(program: string, arg: string): boolean {
  return /^(rm|ln|mv|mknod|chmod|chown)$/.test(program)
    ? arg.startsWith("/dev/") && arg !== "/dev/null"
    : devices.test(arg);
}

/** What a redirection to this file changes. */
export function redirectsIntoRunScope(path: string): RunScope | undefined {
  if (networkFiles.test(path)) return "network";
  return devices.test(path) ? "device" : undefined;
}

function isRecursiveRemoval(program: string, args: readonly string[]): boolean {
  return (
    (program === "rm" && args.some((arg) => /^(-[a-zA-Z]*[rR]|--recursive)/.test(arg))) ||
    (program === "find" && args.some((arg) => /^-(delete|exec|execdir)$/.test(arg)))
  );
}

/** `ln -sf bash /bin/sh` and the like: the next RUN starts with the new shell. */
function isShellProgram(program: string, arg: string): boolean {
  return !/^(chmod|chown|mkdir|sed|tee)$/.test(program) && shells.test(arg);
}
