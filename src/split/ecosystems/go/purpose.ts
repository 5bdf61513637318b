import { absolutePath, baseName, isWithin } from "../../paths.ts";
import type { Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import { isReloader } from "../../started.ts";
import type { SplitSubject } from "../../subject.ts";
import type { GoSources } from "./sources.ts";

/** Why an image may be for building or developing Go programs, and not for running one. */
export function whyForBuilding(
  subject: SplitSubject,
  sources: GoSources | undefined,
): Silence | undefined {
  return (
    whyPlugins(subject, sources) ??
    whyDeveloping(subject) ??
    whyReadsPackages(subject, sources)
  );
}

function whyPlugins(
  { commands, stage }: SplitSubject,
  sources: GoSources | undefined,
): Silence | undefined {
  const plugin = commands.find(({ args }) => args.includes("-buildmode=plugin"));
  if (plugin)
    return {
      reason: "it builds plugins, which are loaded at run time",
      range: plugin.range,
    };
  const loader = sources?.calls.get("plugin.Open");
  return (
    loader && {
      reason: `${loader.file}:${loader.line} loads plugins at run time`,
      range: stage.from.range,
    }
  );
}

/** Test runners and editors' helpers; what reloads and debugs is in `isReloader`. */
const workshop = /^(ginkgo|gopls|goveralls|gotestsum|gotests)$/;

/** What is installed to work with, and isn't called by the build itself. */
function whyDeveloping({ commands, start }: SplitSubject): Silence | undefined {
  const isCalled = (name: string): boolean =>
    [...commands, ...(start?.commands ?? [])].some(({ program }) => program === name);
  for (const command of commands) {
    if (!/^(get|install)$/.test(command.args[0] ?? "") || command.program !== "go")
      continue;
    const name = command.args
      .slice(1)
      .map((word) => importName(word?.replace(/@.*$/, "") ?? ""))
      .find((word, index) => {
        // The name of a web framework as well.
        const isFramework = command.args[index + 1]?.includes("gin-gonic/") === true;
        return (isReloader(word) || workshop.test(word)) && !isFramework;
      });
    if (name !== undefined && !isCalled(name))
      return {
        reason: `it installs “${name}”, which is for developing`,
        range: command.range,
      };
  }
  return undefined;
}

/** A program that is told to look at Go packages needs the toolchain to find them. */
function whyReadsPackages(
  { start, copies }: SplitSubject,
  sources: GoSources | undefined,
): Silence | undefined {
  if (sources || !start) return undefined;
  for (const { args, folder, evidence } of start.commands) {
    const read = args.find((word) => {
      const path = word?.includes("/") === true ? absolutePath(word, folder) : undefined;
      return (
        path !== undefined &&
        isWithin(path, "/go/src") &&
        !copies.some(
          ({ destination }) => destination !== undefined && isWithin(path, destination),
        ) &&
        !(folder !== undefined && isWithin(path, folder))
      );
    });
    if (read !== undefined)
      return {
        reason: `“${read}” is among the Go packages, which the program may read`,
        range: "file" in evidence ? start.instruction.range : evidence,
      };
  }
  return undefined;
}

/** The last element of an import path, its major version aside (golang.org/ref/mod). */
export function importName(path: string): string {
  return baseName(path.replace(/\/v\d+$/, ""));
}

/**
 * Programs that fetch modules, write Go files or check them: dep, glide, godep, govendor and
 * gvt before modules, generators, linters.
 */
const helpers =
  /^(go|gofmt|goimports|dep|glide|godep|govendor|gvt|trash|go-wrapper|go-bindata|statik|packr2?|swag|wire|mockgen|stringer|protoc|buf|sqlc|templ|goa|easyjson|esc|rice|golint|golangci-lint|staticcheck|ginkgo|gotestsum|richgo|errcheck|govulncheck)$/;

export function isBuildHelper(program: string): boolean {
  return helpers.test(program);
}

/** Whether a call installs nothing but such programs, which the build calls and nothing else. */
export function installsHelpers(
  { args, program }: StageCommand,
  { start, commands }: SplitSubject,
): boolean {
  if (program !== "go") return false;
  const names = args
    .slice(1)
    .filter((word) => word?.startsWith("-") !== true)
    .map((word) => importName(word?.replace(/@.*$/, "") ?? ""));
  const isStarted = (name: string): boolean =>
    start?.commands.some((command) => baseName(command.program ?? "") === name) ?? true;
  return (
    /^(get|install)$/.test(args[0] ?? "") &&
    names.length > 0 &&
    names.every(
      (name) =>
        helpers.test(name) &&
        commands.some((command) => command.program === name) &&
        !isStarted(name),
    )
  );
}
