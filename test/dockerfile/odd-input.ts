/** What is read from one instruction; ranges are given as the text that they cover. */
export interface Expected {
  readonly keyword: string;
  /** Text of the whole range; left out where it equals keyword, blank, body. */
  readonly source?: string;
  readonly body: string;
  readonly flags?: readonly string[];
  /** Delimiter words, as written. */
  readonly heredocs?: readonly string[];
  readonly heredocBodies?: readonly string[];
  readonly json?: readonly string[];
  readonly leading?: readonly string[];
  readonly inner?: readonly string[];
}

export interface OddInput {
  readonly name: string;
  readonly text: string;
  readonly instructions: readonly Expected[];
}
