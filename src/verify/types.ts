/** Something in which two images, or two runs of them, aren't the same. */
export interface Difference {
  readonly kind: "configuration" | "file" | "library" | "run";
  /** A path, or the name of a setting. */
  readonly subject: string;
  /** What is different about it, as a clause of which the subject is the subject. */
  readonly message: string;
  /** Of a folder: how many files in it share the difference, itself included; else 1. */
  readonly files: number;
  /** Bytes that these files have before, if they are missing afterwards, else after. */
  readonly bytes: number;
  readonly judgement: "differs" | "allowed";
  /** Why it is allowed; empty where it isn't. */
  readonly reason: string;
}
