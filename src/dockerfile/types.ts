import type { Variables } from "./variables.ts";

/** Half-open range of UTF-16 offsets into the Dockerfile's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Text that BuildKit assembles from several physical lines: continuations, comment lines
 * and empty lines inside an instruction are gone, flags are cut off.
 */
export interface LogicalText {
  readonly text: string;
  /** Offset in the Dockerfile of the character at `position`; `position` may be `text.length`. */
  offsetAt(position: number): number;
}

export interface Flag {
  /** Without the dashes, e.g. `mount`. */
  readonly name: string;
  /** Undefined for a flag without `=`, such as `--link`. */
  readonly value: string | undefined;
  readonly range: Range;
}

export interface Heredoc {
  readonly name: string;
  /** The delimiter was quoted: the body is taken literally. */
  readonly quoted: boolean;
  /** `<<-`: leading tabs of the body and of the terminator are dropped. */
  readonly stripTabs: boolean;
  /** The `<<EOF` word on the instruction's logical line. */
  readonly range: Range;
  /** Body lines including their line breaks, without the terminator's line. */
  readonly bodyRange: Range;
  readonly terminatorRange: Range;
}

/** A whole-line comment, at top level or between the continuation lines of an instruction. */
export interface Comment {
  /** From `#` to the end of the line, without the line break. */
  readonly range: Range;
  /** Text after `#`, trimmed. */
  readonly text: string;
}

export interface Directive {
  /** Lower case: `syntax`, `escape` or `check`. */
  readonly name: string;
  readonly value: string;
  readonly range: Range;
}

export interface Instruction {
  /** Upper case, e.g. `RUN`. */
  readonly keyword: string;
  readonly keywordRange: Range;
  /** Keyword to the last character, heredoc bodies and terminators included, no line break. */
  readonly range: Range;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags, as BuildKit reads it, without heredoc bodies. */
  readonly body: LogicalText;
  readonly heredocs: readonly Heredoc[];
  /** Strings of the JSON form where Docker accepts the body as one; else undefined. */
  readonly json: readonly string[] | undefined;
  /** Comments directly above, no empty line between, in order. */
  readonly leadingComments: readonly Comment[];
  /** Comments between the instruction's own lines. */
  readonly innerComments: readonly Comment[];
  /** Undefined before the first FROM. */
  readonly stage: Stage | undefined;
  /** Position in `Dockerfile.instructions`. */
  readonly index: number;
}

export interface ImageReference {
  /** As written, e.g. `registry:5000/team/app:1.2@sha256:…`; variables unresolved. */
  readonly text: string;
  /** With the defaults of global ARGs filled in; undefined where a value is unknown. */
  readonly resolved: string | undefined;
  /** Of the resolved reference: registry host and port, if any. */
  readonly registry: string | undefined;
  /** Repository without registry, tag and digest, e.g. `library/debian` stays as written. */
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export type StageBase =
  | { readonly kind: "scratch" }
  | { readonly kind: "stage"; readonly stage: Stage }
  | { readonly kind: "image"; readonly image: ImageReference };

export interface Stage {
  readonly index: number;
  /** Lower case, from `AS name`. */
  readonly name: string | undefined;
  readonly from: Instruction;
  readonly platform: string | undefined;
  readonly base: StageBase;
  /** All instructions of the stage, FROM first. */
  readonly instructions: readonly Instruction[];
}

export interface ParseProblem {
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly range: Range;
}

export interface Dockerfile {
  readonly text: string;
  readonly escape: "\\" | "`";
  readonly lineBreak: "\n" | "\r\n";
  readonly directives: readonly Directive[];
  readonly instructions: readonly Instruction[];
  readonly comments: readonly Comment[];
  readonly stages: readonly Stage[];
  /** BuildKit would refuse this file; nothing may be rewritten. */
  readonly problems: readonly ParseProblem[];
}

/** What applies at an instruction, as far as the Dockerfile alone tells. */
export interface BuildState {
  /** From SHELL, e.g. `["/bin/sh", "-c"]`; undefined where only the base image knows it (Windows). */
  readonly shell: readonly string[] | undefined;
  /** Undefined: whatever the base image says. */
  readonly user: string | undefined;
  /**
   * Undefined: whatever the base image says. Variables unresolved; a relative path is
   * relative to the base image's directory.
   */
  readonly workdir: string | undefined;
  /** Names set by ENV so far in the stage and its base stages; value undefined if not literal. */
  readonly env: Variables;
  /**
   * Names declared by ARG so far in the stage and its base stages, with their default;
   * value undefined if it is not literal or absent.
   */
  readonly args: Variables;
}
