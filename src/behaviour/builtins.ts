import type { HistoryField } from "./state.ts";

/**
 * What a builtin changes in its shell besides its own output. Sources: POSIX.1-2017, 2.14
 * "Special Built-In Utilities" and the bash manual, "Shell Builtin Commands". Builtins that
 * change nothing (echo, test, true …) behave like external commands and aren't listed; `cd`,
 * `set`, `exit`, `exec`, `.` and `eval` have rules of their own in simple-command.ts.
 */
export const builtinEffects: ReadonlyMap<string, readonly HistoryField[]> = new Map(
  Object.entries({
    pushd: ["directory", "other"],
    popd: ["directory", "other"],
    export: ["variables"],
    readonly: ["variables"],
    declare: ["variables"],
    typeset: ["variables"],
    local: ["variables"],
    unset: ["variables"],
    read: ["variables"],
    getopts: ["variables"],
    mapfile: ["variables"],
    readarray: ["variables"],
    let: ["variables"],
    alias: ["other"],
    unalias: ["other"],
    bind: ["other"],
    complete: ["other"],
    enable: ["other"],
    shift: ["other"],
    shopt: ["other"],
    ulimit: ["other"],
    umask: ["other"],
    disown: ["lingering"],
    bg: ["lingering"],
    fg: ["lingering"],
    wait: ["lingering"],
  } satisfies Record<string, HistoryField[]>),
);

/**
 * A variable assignment before one of these stays in force after it (POSIX.1-2017, 2.14).
 */
export const specialBuiltins: ReadonlySet<string> = new Set([
  ".",
  ":",
  "break",
  "continue",
  "eval",
  "exec",
  "exit",
  "export",
  "readonly",
  "return",
  "set",
  "shift",
  "times",
  "trap",
  "unset",
]);
