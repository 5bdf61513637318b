import type { FindBuildContext } from "../split/build-context.ts";
import type { LayoutPreference, Level, TransformSettings } from "./types.ts";

/** Lines and columns are 1-based; columns count UTF-16 units; the end is exclusive. */
export interface Location {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface FixOptions {
  /** Also apply unsafe changes. */
  readonly unsafe?: boolean;
  /** Also apply proposals. */
  readonly propose?: boolean;
  /** Run these transforms alone, whatever their level. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly settings?: {
    readonly [Id in keyof TransformSettings]?: Partial<TransformSettings[Id]>;
  };
  readonly layout?: Partial<LayoutPreference>;
  /** For transforms that look at the files which the Dockerfile copies. */
  readonly findBuildContext?: FindBuildContext;
  /** False spares the search for changes that weren't asked for: `proposals` is empty then. */
  readonly listProposals?: boolean;
}

export interface ReportedChange extends Location {
  readonly transform: string;
  readonly level: Level;
  readonly message: string;
  readonly savedBytes?: number;
}

export interface Problem extends Location {
  /**
   * `invalid-input`: not a Dockerfile that Docker would build.
   * `internal-error`: a rewrite failed its proof and was dropped; please report it.
   */
  readonly kind: "invalid-input" | "internal-error";
  readonly message: string;
  readonly hint: string;
}

/** Something a transform looked at and left alone, with the reason. */
export interface Note extends Location {
  readonly transform: string;
  readonly message: string;
}

export interface FixResult {
  /** The rewritten text; the input where there are problems of kind `invalid-input`. */
  readonly output: string;
  /** Applied changes in order of application; positions are those of the input. */
  readonly changes: readonly ReportedChange[];
  /** Changes that were found but whose level was not asked for. */
  readonly proposals: readonly ReportedChange[];
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  readonly runCount: { readonly before: number; readonly after: number };
}
