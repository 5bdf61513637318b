import type { FindBuildContext } from "../split/build-context.ts";
import type { Dockerfile, Instruction, Range, Stage } from "../dockerfile/types.ts";

/** How sure a change is: see docs/safety.md. Order of growing risk. */
export type Level = "safe" | "unsafe" | "proposal";

/** Replaces the text of `range` (offsets into the text that the transform was given). */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/**
 * What a change adds to or takes from the build's behaviour. Everything that is not
 * declared here has to stay equal, or the engine drops the change.
 */
export interface Declarations {
  /** Clean-up commands that the change adds, words separated by one space. */
  readonly addedCommands?: readonly string[];
  /** Commands that become idle and go, words separated by one space. */
  readonly removedCommands?: readonly string[];
  /** Options that only stop a cache from being kept. */
  readonly addedWords?: readonly string[];
  /** Words that an added option makes idle. */
  readonly removedWords?: readonly string[];
  /** Single commands that run with other words. */
  readonly changedCommands?: readonly ChangedCommand[];
  /** Cache mounts that the change adds. */
  readonly addedFlags?: readonly AddedFlag[];
  /** Updates of a package index that later RUNs get. */
  readonly addedUpdates?: readonly AddedUpdate[];
  /** The stage that becomes two: see src/split/proof.ts. */
  readonly splitStage?: Stage;
}

/** The declarations that are lists of commands or words. */
export type WordList = Exclude<
  keyof Declarations,
  "changedCommands" | "addedFlags" | "addedUpdates" | "splitStage"
>;

/** All words of a command in their order, as in the source, separated by one space. */
export interface ChangedCommand {
  readonly before: string;
  readonly after: string;
}

/** A `--mount=type=cache` flag that one RUN gets, and no other. */
export interface AddedFlag {
  /** The RUN in the text that the change is made to. */
  readonly run: Instruction;
  /** As it stands in the result. */
  readonly text: string;
}

/**
 * A command of one RUN that a later one runs once more, right in front of what needs it; its
 * failure has to lead to where the failure of that leads.
 */
export interface AddedUpdate {
  /** Both in the text that the change is made to. */
  readonly from: Instruction;
  readonly to: Instruction;
  /** All words of the command in their order, as in the source, separated by one space. */
  readonly command: string;
  /** The same of the command that it comes in front of. */
  readonly reader: string;
}

/** Edits that hold together: all of them are applied, or none. */
export interface Change {
  readonly message: string;
  /** The text that the message speaks of. */
  readonly range: Range;
  readonly edits: readonly Edit[];
  readonly level: Level;
  readonly declares: Declarations;
  /** Bytes that the image is expected to lose, where that was measured. */
  readonly savedBytes?: number;
}

/** Why a transform left something alone that it looked at. */
export interface Refusal {
  readonly range: Range;
  readonly reason: string;
}

export interface TransformResult {
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
}

/** How new lines of a RUN are laid out where the file itself shows no habit. */
export interface LayoutPreference {
  /** Indentation of a continuation line, e.g. four spaces or one tab. */
  readonly indent: string;
  readonly operator: "leading" | "trailing";
}

export interface TransformContext {
  readonly dockerfile: Dockerfile;
  /** A comment asks to leave this instruction alone, this transform or the one named. */
  isIgnored(instruction: Instruction, transform?: string): boolean;
  readonly layout: LayoutPreference;
  readonly settings: TransformSettings;
  readonly findBuildContext: FindBuildContext;
  /** The transform was named in `only`, so it also works where it would gain nothing. */
  readonly requested: boolean;
}

export interface TransformSettings {
  readonly "merge-runs": { readonly strategy: "always" | "when-it-saves" };
  readonly "clean-package-cache": {
    /** `image`: only stages whose files are part of the final image. */
    readonly stages: "image" | "all";
    readonly strategy: "remove" | "cache-mount";
  };
  /** A split that is expected to save less than both of these isn't proposed. */
  readonly "split-stages": {
    readonly minimumMegabytes: number;
    /** Of the image's size, 0 to 1. */
    readonly minimumShare: number;
  };
}

export interface Transform {
  readonly id: string;
  /** The surest level that its changes have: where that wasn't asked for, it applies none. */
  readonly level: Level;
  /** One line, shown by `dockerslim list`. */
  readonly summary: string;
  /** Why the rewrite is worth it; Markdown, shown by `dockerslim explain`. */
  readonly why: string;
  /** What is rewritten and what is left alone; Markdown. */
  readonly how: string;
  apply(stage: Stage, context: TransformContext): TransformResult;
}
