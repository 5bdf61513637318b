import type { Effect } from "../../effects.ts";
import { operands } from "../../operands.ts";
import { isWithin } from "../../paths.ts";
import type { Artefact } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { outermost } from "../folders.ts";

/** Targets that leave programs in the folder of the Makefile, or below PREFIX. */
const targets =
  /^(all|binar(y|ies)|build|clean|compile|deps?|dependencies|fmt|lint|release|test|vet)$/;

/** A call of make whose Makefile isn't at hand, and that installs nothing by what it names. */
export function isBlindMake({ program, args, isRecipe }: StageCommand): boolean {
  const words = operands(args, ["-C", "-f", "-j", "-l"]);
  return (
    program === "make" &&
    isRecipe !== true &&
    words?.every((word) => word.includes("=") || targets.test(word)) === true
  );
}

export function makeEffect(command: StageCommand): Effect | undefined {
  return isBlindMake(command) ? { kind: "build" } : undefined;
}

/** Whether make is told to put programs into the folder that the official image has for them. */
export function fillsProgramFolder(command: StageCommand): boolean {
  return isBlindMake(command) && command.args.includes("PREFIX=/go");
}

/**
 * Folders of fetched sources in which something starts, or which a container starts in: with
 * the sources not at hand, nobody knows what it reads there.
 */
export function startFolders({
  start,
  around,
  commands,
  copies,
}: SplitSubject): readonly Artefact[] {
  const built = commands.filter(({ program }) => /^(go|make|godep)$/.test(program ?? ""));
  const { folder: end } = around(undefined);
  const started = (start?.commands ?? []).flatMap(({ path }) =>
    built.flatMap(({ folder }) =>
      path !== undefined && folder !== undefined && isWithin(path, folder) ? folder : [],
    ),
  );
  const isCopied = (path: string): boolean =>
    copies.some(
      ({ destination }) =>
        destination !== undefined &&
        (isWithin(destination, path) || isWithin(path, destination)),
    );
  const inside = [...(end === undefined ? [] : [end]), ...started].filter(
    (path) => path.startsWith("/go/src/") && !isCopied(path),
  );
  return outermost(inside).map((path) => {
    const last = built.findLast(
      ({ folder }) => folder !== undefined && isWithin(folder, path),
    );
    return { path, madeAt: last?.range.start ?? 0 };
  });
}
