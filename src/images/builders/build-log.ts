/** What the log of a build tells, in the words of docker, podman or buildah. */

/** buildah and podman; the stage is there where there are several. */
const stepOfPodman = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)(?:\/\d+)?: (.*)$/;
const stepOfClassic = /^Step (\d+)\/\d+ : (.*)$/;
const stepOfBuildKit = /^#\d+ (\[[^\]]*\d+\/\d+\] .*)$/;
/** A layer that a step has made: buildah's and podman's, and that of docker's classic builder. */
const layer = /^ ?-{2,3}> ([0-9a-f]{10,64})$/;
/** BuildKit names the line above an excerpt of the Dockerfile. */
const lineOfBuildKit = /^\S.*:(\d+)\n-{20}/m;

/** Where a build stood when it ended. */
export type Step =
  /** 1-based line of the Dockerfile. */
  | { readonly kind: "line"; readonly line: number }
  /** 1-based position among all instructions, ARG before FROM included. */
  | { readonly kind: "instruction"; readonly number: number; readonly text: string }
  /** 1-based positions of the stage and of the instruction in it, of which FROM is the first. */
  | {
      readonly kind: "stage";
      readonly stage: number;
      readonly number: number;
      readonly text: string;
    }
  /** BuildKit's, whose numbers leave out what only changes the configuration. */
  | { readonly kind: "text"; readonly text: string };

/** The step that a line announces, for people. */
export function announcedStep(line: string): string | undefined {
  const podman = stepOfPodman.exec(line);
  if (podman !== null) return podman[3];
  return stepOfClassic.exec(line)?.[2] ?? stepOfBuildKit.exec(line)?.[1];
}

/** The step that a build ended in; undefined where its log doesn't tell. */
export function lastStep(log: string): Step | undefined {
  const line = lineOfBuildKit.exec(log)?.[1];
  if (line !== undefined) return { kind: "line", line: Number(line) };
  for (const text of log.split("\n").reverse()) {
    const [matched, stage = "1", number, instruction = ""] =
      stepOfPodman.exec(text) ?? [];
    if (matched !== undefined) {
      return {
        kind: "stage",
        stage: Number(stage),
        number: Number(number),
        text: instruction,
      };
    }
    const classic = stepOfClassic.exec(text);
    if (classic !== null) {
      return {
        kind: "instruction",
        number: Number(classic[1]),
        text: classic[2] ?? "",
      };
    }
    const buildKit = stepOfBuildKit.exec(text)?.[1];
    if (buildKit !== undefined) {
      return { kind: "text", text: buildKit.replace(/^\[[^\]]*\] /, "") };
    }
  }
  return undefined;
}

/** Ids of the nameless images that a build made, the oldest first. */
export function layersMade(log: string): string[] {
  const ids: string[] = [];
  let isFrom = false;
  for (const line of log.split("\n")) {
    const step = announcedStep(line);
    if (step !== undefined) isFrom = /^FROM\b/i.test(step);
    // The classic builder prints the base image's id in the same way.
    const id = layer.exec(line.trimEnd())?.[1];
    if (id !== undefined && !isFrom) ids.push(id);
  }
  return ids;
}
