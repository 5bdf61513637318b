import { crash } from "../../files/problem.ts";
import { decode } from "../../files/read.ts";
import type { Transform } from "../../engine/types.ts";
import type { CampaignRules } from "../campaign/settings.ts";
import { lockMirror } from "../git/lock-mirror.ts";
import { mirrorOf } from "../git/mirror.ts";
import type { Blob } from "../git/read-blobs.ts";
import { readTree } from "../git/read-tree.ts";
import type { FileRow, ResultRow } from "../store/tables.ts";
import type { Outcome, StepFailure } from "../target-state.ts";
import {
  candidatesOf,
  isWantedName,
  type Candidates,
  type PassedOver,
  type PathFilters,
} from "./dockerfiles.ts";
import { ownRules } from "./own-rules.ts";
import {
  targetHead,
  type OpenTarget,
  type PlannedTarget,
  type ReadContext,
} from "./read-target.ts";
import type { Results } from "./results.ts";

export interface PlanContext extends ReadContext {
  readonly rules: CampaignRules;
  readonly paths: PathFilters;
  readonly transforms: readonly Transform[];
  readonly results: Results;
}

export type TargetPlan =
  /** Nothing has moved since the last plan. */
  | { readonly kind: "same" }
  /** The run was ended before it was done. */
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly failure: StepFailure }
  | {
      readonly kind: "skipped";
      readonly head: string;
      readonly branch: string;
      readonly failure: StepFailure;
    }
  | FilesPlan;

export interface FilesPlan {
  readonly kind: "planned";
  /** The commit that was looked at. */
  readonly head: string;
  readonly branch: string;
  readonly files: readonly FileRow[];
  /** Those that the store may not have. */
  readonly results: readonly ResultRow[];
  /** Files that would change. */
  readonly changed: number;
  readonly passedOver: readonly PassedOver[];
}

/** Larger ones are no Dockerfiles: bytes. */
const maxBytes = 1024 * 1024;

/** Looks at one target. Never rejects, so that one repository never stops the others. */
export async function planTarget(
  target: PlannedTarget,
  context: PlanContext,
): Promise<TargetPlan> {
  try {
    return await plan(target, context);
  } catch (error) {
    const { message } = crash(error);
    const hint = "Please report this";
    return failed({ class: "internal-error", step: "plan", message, hint });
  }
}

async function plan(target: PlannedTarget, context: PlanContext): Promise<TargetPlan> {
  const head = await targetHead(target, context);
  if (context.signal?.aborted) return { kind: "interrupted" };
  if ("failure" in head) return failed(head.failure);
  if (head.value === undefined) {
    return skipped("", "", leftOut("the repository has no commit yet"));
  }
  const { branch, commit, open } = head.value;
  if (commit === target.head && target.state !== "failed") return { kind: "same" };
  const look = async (): Promise<TargetPlan> => {
    const opened = await open();
    if (context.signal?.aborted) return { kind: "interrupted" };
    if ("failure" in opened) return failed(opened.failure);
    return planTree(target, { ...opened.value, branch }, context);
  };
  if (target.kind === "clone") return look();
  const mirror = mirrorOf(context.cache, target.url);
  const planned = await lockMirror(mirror, context.signal, look);
  if (context.signal?.aborted) return { kind: "interrupted" };
  return "failure" in planned ? failed(planned.failure) : planned.value;
}

async function planTree(
  target: PlannedTarget,
  opened: OpenTarget & { readonly branch: string },
  context: PlanContext,
): Promise<TargetPlan> {
  const { objects, commit, branch, blobs } = opened;
  const entries = await readTree(objects, commit, isWantedName, context.signal);
  if ("failure" in entries) return failed(entries.failure);
  const candidates = candidatesOf(entries.value, context.paths);
  if (typeof candidates === "string") return failed(hostile(candidates));
  const texts = await blobs(wantedIds(candidates), maxBytes);
  if (context.signal?.aborted) return { kind: "interrupted" };
  if ("failure" in texts) return failed(texts.failure);

  const own = await ownRules(context.rules, candidates, texts.value, context.transforms);
  if ("class" in own) return skipped(commit, branch, own);
  const open = candidates.dockerfiles.filter(({ path }) => !own.optedOut(path));
  if (open.length === 0 && candidates.dockerfiles.length > 0) {
    return skipped(commit, branch, leftOut("its own config says: batch: false"));
  }
  const planned = await Promise.all(
    open.map(async ({ path, mode, id }): Promise<PlannedFile> => {
      const rules = own.rulesOf(path);
      if (rules === undefined) return { kind: "ignored" };
      const text = textOf(texts.value.get(id));
      if ("failure" in text) {
        return { kind: "passed-over", path, reason: text.failure.message };
      }
      const result = await context.results.of(text.value, rules);
      if (result === undefined) return { kind: "interrupted" };
      const file = { target: target.key, path, mode, blob: id, result: result.digest };
      return { kind: "file", file, ...result };
    }),
  );
  if (planned.some(({ kind }) => kind === "interrupted")) return { kind: "interrupted" };
  const files = planned.filter((each) => each.kind === "file");
  return {
    kind: "planned",
    head: commit,
    branch,
    files: files.map(({ file }) => file),
    results: files.flatMap(({ row }) => row ?? []),
    changed: files.filter(({ status }) => status === "changed").length,
    passedOver: [
      ...candidates.passedOver,
      ...planned.filter((each) => each.kind === "passed-over"),
    ].map(({ path, reason }) => ({ path, reason })),
  };
}

type PlannedFile =
  | { readonly kind: "ignored" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "passed-over"; readonly path: string; readonly reason: string }
  | {
      readonly kind: "file";
      readonly file: FileRow;
      readonly status: ResultRow["status"];
      readonly row?: ResultRow;
    };

function wantedIds({ dockerfiles, configs }: Candidates): string[] {
  // A config that is a submodule is no blob.
  const configIds = [...configs.values()].filter(({ mode }) => mode !== "160000");
  return [...new Set([...dockerfiles, ...configIds].map(({ id }) => id))];
}

function textOf(blob: Blob | undefined): Outcome<string> {
  if (blob === undefined || "missing" in blob) {
    return { failure: leftOut("its blob is missing") };
  }
  if ("tooLarge" in blob) {
    return { failure: leftOut(`it has ${blob.tooLarge} bytes, which no Dockerfile has`) };
  }
  const content = decode(blob.bytes);
  return "kind" in content
    ? { failure: leftOut(content.message) }
    : { value: content.text };
}

function failed(failure: StepFailure): TargetPlan {
  return { kind: "failed", failure };
}

function skipped(head: string, branch: string, failure: StepFailure): TargetPlan {
  return { kind: "skipped", head, branch, failure };
}

function leftOut(message: string): StepFailure {
  return { class: "left-out", step: "plan", message, hint: "" };
}

function hostile(message: string): StepFailure {
  return {
    class: "hostile",
    step: "plan",
    message,
    hint: "Nothing was run or written; look at it by hand",
  };
}
