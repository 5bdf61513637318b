import type { FailureClass, StepFailure } from "../target-state.ts";

/** A failure of the step `store`. */
export function storeFailureOf(
  failureClass: FailureClass,
  message: string,
  hint = "",
): { readonly failure: StepFailure } {
  return { failure: { class: failureClass, step: "store", message, hint } };
}

type Known = readonly [FailureClass, message: string, hint: string];

const full: Known = [
  "unavailable",
  "there is no space left for the store",
  "make room and start again; what was done until now is kept",
];
const noRights: Known = [
  "unauthorized",
  "the store may not be read or written",
  "check the rights of the file and its folder, or of the database's user",
];
const broken: Known = [
  "invalid",
  "the store is damaged",
  "bring back a copy, or import an export of it into a new store",
];
const busy: Known = [
  "unavailable",
  "other processes kept the store busy",
  "start again when they are done",
];
const unreachable: Known = [
  "unavailable",
  "the database can't be reached",
  "check its address and that it runs",
];

/** SQLite's names, those of the system, and PostgreSQL's SQLSTATE codes. */
const knownCodes: Readonly<Record<string, Known>> = {
  SQLITE_FULL: full,
  ENOSPC: full,
  "53100": full,
  SQLITE_READONLY: noRights,
  SQLITE_PERM: noRights,
  SQLITE_AUTH: noRights,
  SQLITE_CANTOPEN: noRights,
  EACCES: noRights,
  EPERM: noRights,
  EROFS: noRights,
  "42501": noRights,
  "28000": noRights,
  "28P01": ["unauthorized", "the database refused user or password", "check both"],
  SQLITE_CORRUPT: broken,
  SQLITE_NOTADB: broken,
  SQLITE_IOERR: ["unavailable", "the disk failed to read or write the store", ""],
  XX001: broken,
  XX002: broken,
  SQLITE_BUSY: busy,
  SQLITE_LOCKED: busy,
  "40001": busy,
  "40P01": busy,
  "3D000": ["not-found", "there is no such database", "create it, empty, by createdb"],
  "53300": ["unavailable", "the database takes no more connections", "run fewer workers"],
  "57P01": unreachable,
  "57P02": unreachable,
  "57P03": unreachable,
  "08006": unreachable,
  "08001": unreachable,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  EPIPE: unreachable,
};

/** Code of an error of a store; SQLite's extended ones by their first two words. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!("code" in error) || typeof error.code !== "string") return "";
  return /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? error.code;
}

/**
 * What a command says where the store failed while it was used, or undefined where the error
 * is none of a store.
 */
export function failureOfStore(error: unknown, address: string): StepFailure | undefined {
  const known = knownCodes[codeOf(error)] ?? knownByMessage(error);
  if (known === undefined) return undefined;
  const [failureClass, message, hint] = known;
  const detail = error instanceof Error ? error.message : String(error);
  return storeFailureOf(failureClass, `${address}: ${message} (${detail})`, hint).failure;
}

/** node-postgres gives no code for a connection that ended or took too long. */
function knownByMessage(error: unknown): Known | undefined {
  return error instanceof Error &&
    /^(Connection terminated|timeout exceeded when trying to connect)/i.test(
      error.message,
    )
    ? unreachable
    : undefined;
}
