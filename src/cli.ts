#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { HistoryCommandOptions } from "./commands/history.ts";
import type { FixCommandOptions } from "./commands/index.ts";
import type { VerifyCommandOptions } from "./commands/verify.ts";
import { formats } from "./output/reporter.ts";
import { version } from "./version.ts";

const exitCodeHelp = `
Exit codes:
  0    nothing to change, or everything was written
  1    changes were found and not written
  2    wrong usage, broken config, or a file that can't be read, parsed or written
  130  interrupted; no file is left half-written`;

const verifyExitCodeHelp = `
Exit codes:
  0    the images are the same, or dockerslim changes nothing
  1    they differ
  2    wrong usage, or an image that can't be built, read or run
  130  interrupted; what was built has been removed`;

/** Values of an option that takes several, separated by commas or given repeatedly. */
function collectIds(value: string, previous: readonly string[] = []): string[] {
  const ids = value.split(",").map((id) => id.trim());
  return [...previous, ...ids.filter((id) => id !== "")];
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function buildProgram(): Command {
  const program = new Command("dockerslim")
    .description(
      "Rewrites Dockerfiles so that images get smaller and builds stay the same.",
    )
    .version(version, "-V, --version")
    .configureOutput({ writeOut: print, writeErr: printError })
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(--help shows all options)");

  const fix = program
    .command("fix")
    .description("rewrite Dockerfiles; without --write, print the changes as a diff")
    .argument("[paths...]", "files, folders or globs; - is standard input", ["."])
    .option("-w, --write", "rewrite the files in place")
    .option("--check", "print no diff; exit with 1 if anything would change")
    .option("--unsafe", "also apply changes that alter behaviour")
    .option("--propose", "also apply proposals")
    .option(
      "--only <ids>",
      "run these transforms alone, whatever their level",
      collectIds,
    )
    .option("--skip <ids>", "leave these transforms out", collectIds)
    .addOption(cleanupOption())
    .addOption(
      new Option("--format <format>", "kind of report (default: diff)").choices(formats),
    )
    .option("-o, --output-file <file>", "write the report to a file")
    .option("--config <file>", "use this config instead of the nearest .dockerslim.json")
    .option("--no-config", "use no config")
    .option("--ignore <glob>", "leave files out, as in .gitignore; repeatable", collect)
    .option("--stdin-filename <path>", "name of the file that standard input stands for")
    .option("--allow-dirty", "also write files with uncommitted changes")
    .option("--exit-zero", "exit with 0 even if changes were found")
    .option("--no-color", "print without colours")
    .addOption(new Option("-q, --quiet", "print no summary").conflicts("verbose"))
    .option("-v, --verbose", "say what was left alone, and why")
    .option("--verify", "write only what builds the same image; takes the options below");
  addBuildOptions(fix)
    .addHelpText("after", exitCodeHelp)
    .action(async (paths: string[], options: FixCommandOptions) => {
      const { fixCommand } = await import("./commands/index.ts");
      process.exitCode = await fixCommand(paths, options);
    });

  program
    .command("list")
    .description("list the transforms")
    .addOption(
      new Option("--format <format>", "kind of list")
        .choices(["text", "json"])
        .default("text"),
    )
    .action(async ({ format }: { format: "text" | "json" }) => {
      const { listText } = await import("./commands/index.ts");
      print(listText(format));
    });

  program
    .command("explain")
    .description("say what a transform does and why")
    .argument("<id>", "a transform, as in `dockerslim list`")
    .argument("[dockerfile]", "for split-stages: show what it concludes about this file")
    .option("--no-color", "print without colours")
    .action(
      async (
        id: string,
        path: string | undefined,
        { color }: { color: boolean },
        command: Command,
      ) => {
        const { explainSplit, explainText, unknownTransform } =
          await import("./commands/index.ts");
        if (path !== undefined) {
          if (id !== "split-stages")
            command.error("error: only split-stages explains itself on a Dockerfile");
          process.exitCode = await explainSplit(path, color);
          return;
        }
        const text = explainText(id);
        if (text !== undefined) {
          print(text);
          return;
        }
        command.error(`error: ${unknownTransform(id) ?? ""}`);
      },
    );

  program
    .command("init")
    .description("write a commented .dockerslim.json into the current folder")
    .action(async (_options: unknown, command: Command) => {
      const { initConfig } = await import("./commands/index.ts");
      const problem = await initConfig(process.cwd());
      if (problem !== undefined) command.error(`error: ${problem}`);
      print("Wrote .dockerslim.json\n");
    });

  program
    .command("history")
    .description("show the layers of an image, and the bytes that they waste")
    .argument(
      "<image>",
      "an archive (docker save, OCI), an OCI layout, - for standard input, or an image's name",
    )
    .option("--dockerfile <file>", "the Dockerfile that it was built from")
    .option("--target <stage>", "the stage that was built, if not the last one")
    .option("--platform <platform>", "os/architecture, where there are several")
    .option("--builder <program>", "ask this docker, podman or buildah for the image")
    .addOption(
      new Option("--format <format>", "kind of report")
        .choices(["table", "json", "markdown"])
        .default("table"),
    )
    .option("--report <file>", "also write a page with pictures (HTML)")
    .option("--no-color", "print without colours")
    .action(async (image: string, options: HistoryCommandOptions) => {
      const { historyCommand } = await import("./commands/history.ts");
      process.exitCode = await historyCommand(image, options);
    });

  const verify = program
    .command("verify")
    .description("build a Dockerfile before and after, and compare the two images")
    .argument("[before]", "the Dockerfile", "Dockerfile")
    .argument("[after]", "another one to compare with; default: the first, rewritten");
  addBuildOptions(verify)
    .option("--unsafe", "also apply changes that alter behaviour")
    .option("--propose", "also apply proposals")
    .option("--only <ids>", "run these transforms alone", collectIds)
    .option("--skip <ids>", "leave these transforms out", collectIds)
    .addOption(cleanupOption())
    .addOption(
      new Option("--format <format>", "kind of report")
        .choices(["table", "json", "markdown"])
        .default("table"),
    )
    .option("--report <file>", "also write a page with pictures (HTML)")
    .option("--config <file>", "use this config instead of the nearest .dockerslim.json")
    .option("--no-config", "use no config")
    .option("--no-color", "print without colours")
    .addHelpText("after", verifyExitCodeHelp)
    .action(
      async (
        before: string,
        after: string | undefined,
        options: VerifyCommandOptions,
      ) => {
        const { verifyCommand } = await import("./commands/verify.ts");
        process.exitCode = await verifyCommand(before, after, options);
      },
    );

  program
    .command("batch")
    .description("carry one change through many repositories, reviewed once")
    .argument("[words...]", "a sub-command and its options; `batch --help` lists them")
    .helpOption(false)
    .helpCommand(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { batchCommand } = await import("./commands/batch/program.ts");
      process.exitCode = await batchCommand(words);
    });

  return program;
}

/** How images are built and run. */
function addBuildOptions(command: Command): Command {
  return command
    .option("--builder <program>", "build with this docker, podman or buildah")
    .option("--context <folder>", "the build context (default: the Dockerfile's folder)")
    .option("--build-arg <name=value>", "set an ARG; repeatable", collect)
    .option("--secret <secret>", "as for `docker build`; repeatable", collect)
    .option("--target <stage>", "the stage to build, if not the last one")
    .option("--platform <platform>", "os/architecture to build for")
    .option(
      "--builder-arg <option>",
      "an option of the builder's own; repeatable",
      collect,
    )
    .addOption(
      new Option("--no-cache", "build without the builder's cache (default)").conflicts(
        "keepCache",
      ),
    )
    .option("--keep-cache", "build with the builder's cache, for speed")
    .option("--timeout <seconds>", "end a build after this time (default: 3600)", seconds)
    .option("--run <command>", "run this in both images, by /bin/sh, and compare")
    .option("--run-entrypoint", "run both images' ENTRYPOINT and CMD, and compare")
    .option("--run-timeout <seconds>", "end a run after this time (default: 60)", seconds)
    .option("--keep", "keep the images");
}

function seconds(value: string): number {
  const number = Number(value);
  if (number > 0 && number <= 604_800) return number;
  throw new InvalidArgumentError("It has to be a number of seconds, at most a week.");
}

/** A reader that has gone, as `head` does, is no error. */
function print(text: string): void {
  process.stdout.once("error", () => undefined);
  process.stdout.write(text);
}

function printError(text: string): void {
  process.stderr.once("error", () => undefined);
  process.stderr.write(text);
}

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its message; it knows 1 only, and 0 for --help and --version.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const detail =
      error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`internal error, please report it: ${detail}\n`);
    process.exitCode = 2;
  }
}

function cleanupOption(): Option {
  return new Option(
    "--cleanup <strategy>",
    "what becomes of package caches (default: remove)",
  ).choices(["remove", "cache-mount"]);
}
