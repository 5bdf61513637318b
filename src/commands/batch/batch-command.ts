import { Option, type Command } from "commander";

/** Adds one sub-command; its action says by `exit` how it ended. */
export type BatchCommand = (program: Command, exit: (code: number) => void) => void;

export interface StoreOptions {
  /** A file, or postgres://…; default: dockerslim-batch.sqlite in the current folder. */
  readonly store?: string;
}

/** Options that all sub-commands have. */
export interface CommonOptions extends StoreOptions {
  readonly json?: boolean;
  /** False for --no-color. */
  readonly color: boolean;
}

export function withCommonOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--store <address>",
        "a file, or postgres://… (default: dockerslim-batch.sqlite here)",
      ).env("DOCKERSLIM_STORE"),
    )
    .option("--json", "print JSON")
    .option("--no-color", "print without colours");
}
