import { createHash } from "node:crypto";
import { workOutDecisions } from "../../src/batch/groups/work-out.ts";
import { shapeOf } from "../../src/batch/groups/shape.ts";
import type { Store } from "../../src/batch/store/store.ts";
import { fix } from "../../src/index.ts";
import { unifiedDiff } from "../../src/output/diff.ts";
import { addCampaign, openedStore, targetRow } from "./store/filled-store.ts";

/** Dockerfiles by repository (`owner/name`) and path, as if they had been planned. */
export type PlannedFiles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A store whose plan has these files. */
export async function plannedStore(path: string, files: PlannedFiles): Promise<void> {
  const store = await openedStore(path);
  await addCampaign(store);
  await addPlanned(store, files);
  await store.close();
}

/** Adds repositories to a plan, or plans files of theirs again. */
export async function addPlanned(
  { db }: Pick<Store, "db">,
  files: PlannedFiles,
): Promise<void> {
  for (const [repository, texts] of Object.entries(files)) {
    const key = `git.example/${repository}`;
    await db
      .insertInto("target")
      .values(targetRow(key))
      .onConflict((conflict) => conflict.column("key").doNothing())
      .execute();
    for (const [name, text] of Object.entries(texts)) {
      const result = resultOf(text);
      await db
        .insertInto("result")
        .values(result)
        .onConflict((conflict) => conflict.column("digest").doNothing())
        .execute();
      await db
        .insertInto("file")
        .values({
          target: key,
          path: name,
          mode: "100644",
          blob: sha256(`blob ${text}`).slice(0, 40),
          result: result.digest,
        })
        .onConflict((conflict) =>
          conflict.columns(["target", "path"]).doUpdateSet({ result: result.digest }),
        )
        .execute();
    }
    await workOutDecisions(db, [key]);
  }
}

const rules = sha256("rules");

function resultOf(text: string) {
  const { output, changes, problems, runCount } = fix(text);
  const isChanged = output !== text;
  const diff = isChanged ? unifiedDiff("Dockerfile", text, output) : "";
  const hunks = diff.slice(diff.indexOf("@@"));
  const { shape, label, hunk } = shapeOf({ hunks, changes });
  return {
    digest: sha256(text),
    status: isChanged ? ("changed" as const) : ("unchanged" as const),
    output: isChanged ? output : null,
    hunks: isChanged ? hunks : null,
    changes: JSON.stringify(changes),
    problems: JSON.stringify(problems),
    shape,
    shape_label: label,
    hunk,
    rules,
    saved_bytes: changes.reduce((sum, { savedBytes = 0 }) => sum + savedBytes, 0),
    runs_before: runCount.before,
    runs_after: runCount.after,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Repositories that install a package by apt, all of the same shape. */
export function aptRepositories(
  amount: number,
  packageOf = (index: number) => `p${index}`,
) {
  return Object.fromEntries(
    Array.from({ length: amount }, (_, index) => [
      `team/app${String(index).padStart(4, "0")}`,
      {
        Dockerfile: `FROM debian:12\nRUN apt-get update && apt-get install -y ${packageOf(index)}\n`,
      },
    ]),
  );
}

/** Two RUN instructions that become one. */
export const twoRuns = "FROM debian:12\nRUN echo one\nRUN echo two\n";
