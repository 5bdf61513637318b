import type { ForgeKind, Repository } from "../forges/forge.ts";
import type { TargetRow } from "../store/tables.ts";
import type { StepFailure } from "../target-state.ts";

/** A repository or clone that a source names. */
export type FoundTarget = Pick<
  TargetRow,
  "key" | "kind" | "forge" | "host" | "owner" | "name" | "url" | "default_branch"
> & {
  /** What a forge's listing says of it; other sources don't know. */
  readonly listed?: Pick<Repository, "archived" | "fork" | "language" | "topics">;
};

/** Part of a source that can't be used; the rest of it goes on. */
export interface SourceFailure extends StepFailure {
  /** The line, folder or listing. */
  readonly where: string;
}

export type Found =
  { readonly target: FoundTarget } | { readonly failure: SourceFailure };

/** The kind of forge that a host is, where that is known. */
export type ForgeKindOf = (host: string) => ForgeKind | undefined;

export function sourceFailure(
  where: string,
  failureClass: StepFailure["class"],
  message: string,
  hint = "",
): { readonly failure: SourceFailure } {
  return { failure: { where, class: failureClass, step: "list", message, hint } };
}
