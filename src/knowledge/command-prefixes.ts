/**
 * Commands that run another command given as their arguments. Source: each one's manual
 * page; `sudo(8)`, `env(1)`, `xargs(1)`, `timeout(1)`, `nice(1)` and so on.
 */
export interface CommandPrefix {
  /** Options that take the next word as their value, as written. */
  readonly valueOptions: readonly string[];
  /** Words that stand between the options and the command, e.g. `timeout 30`. */
  readonly positionals: number;
  /** Options with which nothing is run, e.g. `command -v`. */
  readonly queryOptions: readonly string[];
  /** `NAME=value` words before the command set its environment. */
  readonly takesAssignments: boolean;
}

function prefix(
  valueOptions = "",
  positionals = 0,
  takesAssignments = false,
  queryOptions = "",
): CommandPrefix {
  return {
    valueOptions: valueOptions.split(" "),
    positionals,
    takesAssignments,
    queryOptions: queryOptions.split(" "),
  };
}

export const commandPrefixes: ReadonlyMap<string, CommandPrefix> = new Map([
  ["sudo", prefix("-u -g -p -C -h -U -D -R -T --user --group --prompt --chdir", 0, true)],
  ["doas", prefix("-u -C")],
  ["env", prefix("-u -C --unset --chdir", 0, true)],
  ["command", prefix("", 0, false, "-v -V")],
  ["builtin", prefix()],
  ["exec", prefix("-a")],
  ["time", prefix("-f -o --format --output")],
  ["nice", prefix("-n --adjustment")],
  ["ionice", prefix("-c -n --class --classdata")],
  ["chrt", prefix("", 1)],
  ["taskset", prefix("", 1)],
  ["timeout", prefix("-s -k --signal --kill-after", 1)],
  [
    "xargs",
    prefix("-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs"),
  ],
  ["stdbuf", prefix("-i -o -e --input --output --error")],
  ["nohup", prefix()],
  ["setsid", prefix()],
  ["eatmydata", prefix()],
  ["fakeroot", prefix()],
  ["linux32", prefix()],
  ["linux64", prefix()],
  ["setarch", prefix("", 1)],
  ["gosu", prefix("", 1)],
  ["su-exec", prefix("", 1)],
  ["setpriv", prefix()],
  ["chroot", prefix("", 1)],
  ["busybox", prefix()],
  ["flock", prefix("-w -E --timeout", 1)],
  ["chronic", prefix()],
  ["xvfb-run", prefix("-e -f -n -p -s -w --server-args --server-num --error-file")],
  ["proxychains4", prefix("-f")],
  ["catchsegv", prefix()],
]);
