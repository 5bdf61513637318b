import { aptReaderGuards } from "./apt-readers.ts";
import { cacheMountGuards } from "./cache-mounts.ts";
import { cleanPackageCacheGuards } from "./clean-package-cache.ts";
import { cleanupPlaceGuards } from "./cleanup-places.ts";
import type { Guard } from "./guard.ts";
import { laterUseGuards } from "./later-use.ts";
import { mergeRunsGuards } from "./merge-runs.ts";
import { ownUpdateGuards } from "./own-update.ts";
import { noCacheFlagsGuards } from "./no-cache-flags.ts";
import { proofGuards } from "./proof.ts";
import { unsafeGuards } from "./unsafe.ts";

export const guards: readonly Guard[] = [
  ...mergeRunsGuards,
  ...aptReaderGuards,
  ...cleanPackageCacheGuards,
  ...cleanupPlaceGuards,
  ...laterUseGuards,
  ...ownUpdateGuards,
  ...cacheMountGuards,
  ...noCacheFlagsGuards,
  ...unsafeGuards,
  ...proofGuards,
];
