import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startTextFixers } from "../../commands/text-fixers.ts";
import { ignoreMatcher } from "../../files/ignore.ts";
import { temporaryFolder } from "../../files/temporary.ts";
import { transforms } from "../../../transforms/index.ts";
import type { CampaignSettings } from "../campaign/settings.ts";
import { makeRepository, type ObjectFormat } from "../git/objects.ts";
import type { Store } from "../store/store.ts";
import type { PathFilters } from "./dockerfiles.ts";
import type { PlanContext } from "./plan-target.ts";
import type { ReadContext } from "./read-target.ts";
import { resultsIn } from "./results.ts";

export interface Planning {
  readonly context: PlanContext;
  /** Ends threads and removes temporary files. */
  readonly close: () => void;
}

/** Makes ready what `planTarget` needs; it is closed when the signal is aborted, too. */
export async function startPlanning(
  store: Store,
  settings: CampaignSettings,
  options: Pick<ReadContext, "cache" | "credentialsFor"> & {
    readonly signal: AbortSignal;
  },
): Promise<Planning> {
  const fixers = startTextFixers();
  const scratch = scratchRepositories();
  options.signal.addEventListener("abort", fixers.close, { once: true });
  return {
    context: {
      ...options,
      scratch: scratch.of,
      rules: settings.rules,
      paths: await pathFilters(settings),
      transforms,
      results: resultsIn(store.db, fixers.fixText),
    },
    close() {
      options.signal.removeEventListener("abort", fixers.close);
      fixers.close();
      scratch.remove();
    },
  };
}

/** Empty repositories of our own, one for each format of objects. */
export interface ScratchRepositories {
  readonly of: (format: ObjectFormat) => string;
  readonly remove: () => void;
}

export function scratchRepositories(): ScratchRepositories {
  const folder = temporaryFolder();
  const made = new Set<ObjectFormat>();
  return {
    of(format) {
      const path = join(folder.path, format);
      if (!made.has(format)) {
        mkdirSync(path, { recursive: true });
        makeRepository(path, format, undefined);
        made.add(format);
      }
      return path;
    },
    remove: () => {
      folder.remove();
    },
  };
}

async function pathFilters({ filters }: CampaignSettings): Promise<PathFilters> {
  const { paths, ignore } = filters;
  return {
    isWanted: paths.length === 0 ? undefined : await ignoreMatcher("/", paths),
    isIgnored: await ignoreMatcher("/", ignore),
  };
}
