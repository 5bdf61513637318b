/** `sh` stands for dash, ash and bash alike: what is claimed of it has to hold in all three. */
export type Dialect = "sh" | "bash";

export type Setting = "on" | "off" | "unknown";

/** Shell options whose effect on a script is modelled; any other option is opaque. */
export interface ShellOptions {
  readonly errexit: Setting;
  readonly nounset: Setting;
  readonly pipefail: Setting;
  readonly xtrace: Setting;
  readonly verbose: Setting;
}

export interface Shell {
  readonly dialect: Dialect;
  readonly options: ShellOptions;
  /** A login or interactive shell reads start-up files, which an earlier RUN may have written. */
  readonly readsStartupFiles: boolean;
}

export const defaultOptions: ShellOptions = {
  errexit: "off",
  nounset: "off",
  pipefail: "off",
  xtrace: "off",
  verbose: "off",
};

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ["sh", "sh"],
  ["ash", "sh"],
  ["dash", "sh"],
  ["bash", "bash"],
]);

/** POSIX.1-2017, 2.14 "set", and the bash manual, "The Set Builtin". */
const optionLetters: ReadonlyMap<string, keyof ShellOptions> = new Map([
  ["e", "errexit"],
  ["u", "nounset"],
  ["x", "xtrace"],
  ["v", "verbose"],
]);

const optionNames: ReadonlySet<string> = new Set(Object.keys(defaultOptions));

/**
 * Reads the value of a SHELL instruction, e.g. `["/bin/bash", "-eo", "pipefail", "-c"]`.
 * Returns undefined for anything but a shell of the Bourne family that takes the script as
 * the word after `-c`.
 */
export function readShell(words: readonly string[]): Shell | undefined {
  const [program, ...args] = words;
  const dialect = dialects.get(program?.replace(/^.*\//, "") ?? "");
  if (dialect === undefined) return undefined;
  let readsStartupFiles = false;
  let takesScript = false;
  const options: string[] = [];
  for (const arg of args) {
    if (takesScript) return undefined;
    if (arg === "--login") readsStartupFiles = true;
    else if (arg === "--norc" || arg === "--noprofile") continue;
    else if (/^-[a-z]+$/.test(arg)) {
      takesScript = arg.includes("c");
      readsStartupFiles ||= /[li]/.test(arg);
      options.push(arg.replace(/[cli]/g, ""));
    } else options.push(arg);
  }
  const parsed = applySetArguments(
    defaultOptions,
    options.filter((word) => word !== "-"),
  );
  if (!takesScript || parsed === undefined) return undefined;
  const isDefault = Object.values(parsed).every((setting) => setting === "off");
  return { dialect, options: isDefault ? defaultOptions : parsed, readsStartupFiles };
}

/**
 * The options after `set` was run with these literal arguments; undefined where they do
 * something else too (positional parameters, options that aren't modelled).
 */
export function applySetArguments(
  options: ShellOptions,
  args: readonly string[],
): ShellOptions | undefined {
  const result: Record<keyof ShellOptions, Setting> = { ...options };
  const names = [...args];
  for (let word = names.shift(); word !== undefined; word = names.shift()) {
    const match = /^([-+])([a-zA-Z]+)$/.exec(word);
    if (!match) return undefined;
    const setting = match[1] === "-" ? "on" : "off";
    for (const letter of match[2] ?? "") {
      const name = letter === "o" ? names.shift() : optionLetters.get(letter);
      if (name === undefined || !optionNames.has(name)) return undefined;
      result[name as keyof ShellOptions] = setting;
    }
  }
  return result;
}
