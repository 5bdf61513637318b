import * as v from "valibot";
import { CallError } from "./call.ts";
import type { ChangeRequest, Repository } from "./forge.ts";

/* eslint-disable no-control-regex -- names come from strangers */

/** One or more parts, none of which is `.` or `..`. */
const ownerName = v.pipe(
  v.string(),
  v.regex(/^(?!\.{1,2}(\/|$))[\w.-]+(\/(?!\.{1,2}(\/|$))[\w.-]+)*$/),
);
const plainName = v.pipe(v.string(), v.regex(/^(?!\.{1,2}$)[\w.-]+$/));

/** As `git check-ref-format --branch` wants it, and no option of git. */
const branchName = v.pipe(
  v.string(),
  v.regex(
    /^(?![-/.])(?!.*(\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[/.]$))[^\u0000-\u0020\u007f~^:?*[\\]+$/,
  ),
);

/** Pages of requests are linked, so nothing but addresses of pages. */
export const pageUrl = v.pipe(v.string(), v.regex(/^https?:\/\/[^\s"'<>]+$/));

export const commitId = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));

/**
 * What an answer holds, where it is as the API's documentation says.
 *
 * @throws {CallError} of class unavailable: a proxy's page of HTML is as likely as a bug.
 */
export function answer<S extends v.GenericSchema>(
  schema: S,
  data: unknown,
): v.InferOutput<S> {
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue);
  throw new CallError(
    "unavailable",
    where === null ? "the answer isn't of the API" : `the answer has no usable ${where}`,
    "Check that the address of the API is right and no proxy answers in its place.",
  );
}

/**
 * A repository as a forge describes it, where its names and addresses are harmless.
 *
 * @param host The forge's; whatever is fetched has to come from there.
 * @param plain Whether git may fetch by HTTP, as it may from this machine.
 * @throws {CallError} of class hostile
 */
export function checkedRepository(
  repository: Repository,
  host: string,
  plain: boolean,
): Repository {
  const { owner, name, defaultBranch, cloneUrl } = repository;
  const bad = (what: string) =>
    new CallError("hostile", `a repository has ${what}`, "It is left alone.");
  if (!v.is(ownerName, owner) || !v.is(plainName, name))
    throw bad("a name that no path can be made of");
  if (defaultBranch !== "" && !v.is(branchName, defaultBranch)) {
    throw bad("a default branch that git doesn't allow");
  }
  const url = URL.canParse(cloneUrl) ? new URL(cloneUrl) : undefined;
  const protocols = plain ? ["https:", "http:"] : ["https:"];
  if (url?.host !== host || !protocols.includes(url.protocol)) {
    throw bad(`an address that isn't on ${host}`);
  }
  if (url.username !== "" || url.password !== "") throw bad("a password in its address");
  return repository;
}

/** Merged counts more than closed, which GitHub says of both. */
export function requestState(closed: boolean, merged: boolean): ChangeRequest["state"] {
  if (merged) return "merged";
  return closed ? "closed" : "open";
}
