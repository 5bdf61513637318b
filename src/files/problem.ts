import type { Location, Problem } from "../engine/result.ts";

type ProblemKind =
  | Problem["kind"]
  | "not-found"
  | "unreadable"
  | "not-text"
  | "invalid-config"
  | "unwritable"
  | "uncommitted-changes"
  | "changed-on-disk"
  | "not-confirmed";

/** Why a file could not be handled; the location is absent where the whole file is meant. */
export interface FileProblem extends Partial<Location> {
  readonly kind: ProblemKind;
  /** The file that the location is in, where that is not the Dockerfile but its config. */
  readonly file?: string;
  /** What is wrong and why. */
  readonly message: string;
  /** What to do about it; may be empty. */
  readonly hint: string;
}

/** A defect of the tool itself, by what it threw. */
export function crash(error: unknown): FileProblem {
  return {
    kind: "internal-error",
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    hint: "The file was left as it is. Please report this",
  };
}

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the system allows",
  EIO: "the disk reported an error",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links form a loop",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "it does not exist",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
};

/** The `code` of a Node system error, e.g. `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** A system error in plain words, without the path and the system call. */
export function systemReason(error: unknown): string {
  const code = errorCode(error);
  const known = code === undefined ? undefined : systemReasons[code];
  return known ?? (error instanceof Error ? error.message : String(error));
}
