import type { Instruction } from "../../dockerfile/types.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { planCacheMounts } from "./cache-mount-plan.ts";
import { layoutFor } from "../layout.ts";
import { insertFlags } from "./mount-flags.ts";
import type { ScriptProgram } from "../run-program.ts";
import type { Change, TransformContext } from "../../engine/types.ts";

/**
 * Puts a manager's cache into cache mounts and takes out what would empty them. A string says
 * why that can't be done; undefined where there is nothing to do any more.
 */
export function mountCaches(
  run: Instruction,
  program: ScriptProgram,
  manager: PackageManager,
  { dockerfile, layout }: TransformContext,
): Change | string | undefined {
  const plan = planCacheMounts(run, program, manager, dockerfile);
  if (plan.kind === "refused") return `no cache mount, because ${plan.reason}`;
  if (plan.kind !== "plan") return undefined;
  const { flags, removal } = plan;
  return {
    message:
      flags.length > 0
        ? `Keeps ${manager.id}'s cache in a cache mount, outside the image.`
        : `Leaves ${manager.id}'s cache in its cache mount.`,
    range: run.range,
    edits: [
      ...insertFlags(run, flags, dockerfile, layoutFor([run], dockerfile, layout)),
      ...removal.edits,
    ],
    level: "safe",
    declares: {
      ...removal.declares,
      addedFlags: flags.map((text) => ({ run, text })),
    },
  };
}
