import { expect } from "vitest";
import { workspace, type Workspace } from "../cli/workspace.ts";
import { aptRepositories, plannedStore, twoRuns } from "./planned-store.ts";
import { openedStore } from "./store/filled-store.ts";

export interface ListedGroup {
  readonly id: string;
  readonly digest: string;
  readonly label: string;
  readonly state: string;
  readonly files: number;
  readonly savedBytes: number;
  readonly toOpen: readonly { readonly target: string }[];
  readonly hunks: readonly {
    readonly hunk: string;
    readonly files: number;
    readonly members: readonly {
      readonly target: string;
      readonly decision: string | null;
    }[];
  }[];
}

export const storeFile = "dockerslim-batch.sqlite";

/** A folder with a store whose plan has these files. */
export async function planned(
  files: Parameters<typeof plannedStore>[1],
): Promise<Workspace> {
  const space = workspace();
  await plannedStore(space.path(storeFile), files);
  return space;
}

/** By the command line. */
export async function groupsIn(space: Workspace): Promise<readonly ListedGroup[]> {
  const { stdout, code } = await space.run(["batch", "groups", "--json"]);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { groups: ListedGroup[] }).groups;
}

export function only(groups: readonly ListedGroup[]): ListedGroup {
  const [group] = groups;
  if (group === undefined || groups.length !== 1) throw new Error("not one group");
  return group;
}

export async function groupOf(space: Workspace, label: RegExp): Promise<ListedGroup> {
  return only((await groupsIn(space)).filter((group) => label.test(group.label)));
}

/** Kinds of what has happened. */
export async function events(space: Workspace): Promise<readonly string[]> {
  const store = await openedStore(space.path(storeFile), "existing");
  const rows = await store.db.selectFrom("event").select("kind").orderBy("id").execute();
  await store.close();
  return rows.map(({ kind }) => kind);
}

export const mixed = { ...aptRepositories(3), "team/merges": { Dockerfile: twoRuns } };
