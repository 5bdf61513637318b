import { configurationKeywords } from "../../dockerfile/configuration.ts";
import { cacheTransform } from "../../knowledge/waste-remedies.ts";
import type { HistoryEntry } from "../types.ts";
import { readCreatedBy } from "./created-by.ts";
import type { DockerfileFacts } from "./dockerfile-facts.ts";

/** How wasted bytes would be saved. */
export interface Remedy {
  /** Id of the transform that removes them; undefined where there is none. */
  readonly transform: string | undefined;
  /** What to do, or why no transform does it; for people. */
  readonly advice: string;
}

interface Place {
  readonly path: string;
  /** Positions in the history. */
  readonly writtenIn: number;
  readonly removedIn: number;
}

/** What may stand between RUNs that merge-runs merges: see its page. */
const passed = new Set(["RUN", ...configurationKeywords]);

/**
 * Names the transform that would save the bytes. With the Dockerfile it is one that does
 * change the instructions concerned; without, it is told by what the history shows.
 */
export function remedyFor(
  place: Place,
  history: readonly HistoryEntry[],
  facts: DockerfileFacts | undefined,
): Remedy {
  return facts === undefined
    ? fromHistory(place, history)
    : fromDockerfile(place, history, facts);
}

function fromHistory(place: Place, history: readonly HistoryEntry[]): Remedy {
  const entries = history.slice(place.writtenIn, place.removedIn + 1);
  const between = keywords(entries);
  const mergeable =
    between.every((keyword) => passed.has(keyword ?? "")) && !entries.some(isHeredoc);
  if (isRun(between.at(0)) && isRun(between.at(-1)) && mergeable) return merge;
  const cache = cacheTransform(place.path);
  if (cache !== undefined && isRun(between.at(0))) return cleanUp(cache);
  return { transform: undefined, advice: adviceFor(between.at(0), between.at(-1)) };
}

function fromDockerfile(
  place: Place,
  history: readonly HistoryEntry[],
  facts: DockerfileFacts,
): Remedy {
  const { path, writtenIn, removedIn } = place;
  if (facts.lineOf(writtenIn) === undefined) {
    return {
      transform: undefined,
      advice: "the bytes are in the base image; a smaller one may not have them",
    };
  }
  const both = facts.transformsFor(writtenIn, removedIn);
  if (both.includes("merge-runs")) return merge;
  const cache = cacheTransform(path);
  if (cache !== undefined && facts.transformsFor(writtenIn).includes(cache)) {
    return cleanUp(cache);
  }
  const [other] = both;
  if (other !== undefined) {
    return { transform: other, advice: "it changes both instructions" };
  }
  const [first, last] = keywords([history[writtenIn], history[removedIn]]);
  const reason = isRun(first) && isRun(last) ? facts.refusal(removedIn) : undefined;
  return {
    transform: undefined,
    advice:
      reason === undefined
        ? adviceFor(first, last)
        : `merge-runs leaves it alone: ${reason}`,
  };
}

const merge: Remedy = {
  transform: "merge-runs",
  advice: "in one RUN with what removes them, the bytes never reach a layer",
};

function cleanUp(transform: string): Remedy {
  return { transform, advice: "it is a package manager's cache" };
}

function adviceFor(writer: string | undefined, remover: string | undefined): string {
  if (writer === "COPY" || writer === "ADD") {
    return isRun(remover)
      ? `leave it out of the build context, or give ${writer} the --chown or --chmod that the RUN sets`
      : "copy it once only";
  }
  return isRun(writer) && isRun(remover)
    ? "remove it in the RUN that makes it; merge-runs can't bring the two together"
    : "build it in a stage of its own, and copy only what is needed";
}

function keywords(
  entries: readonly (HistoryEntry | undefined)[],
): (string | undefined)[] {
  return entries.map((entry) =>
    entry === undefined ? undefined : readCreatedBy(entry.createdBy).keyword,
  );
}

/** merge-runs leaves a RUN with a heredoc alone; BuildKit's entries don't tell one. */
function isHeredoc({ createdBy }: HistoryEntry): boolean {
  return readCreatedBy(createdBy).text.startsWith("<<");
}

function isRun(keyword: string | undefined): boolean {
  return keyword === "RUN";
}
