/** Why an image could not be read; the message is for people. */
export interface ImageProblem {
  /** What is wrong and where in the image. */
  readonly message: string;
  /** What to do about it; may be empty. */
  readonly hint: string;
}

/**
 * Ends the reading of an image from inside a stream. It never leaves this folder: whoever
 * reads an image gets an `ImageProblem` as a value.
 */
export class ImageError extends Error {
  readonly hint: string;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }
}

/** What a layer that nobody would build is told. */
export const refusedHint =
  "The image is broken or was made to do harm; build or export it again";
