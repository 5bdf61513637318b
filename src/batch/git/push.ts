import type { Outcome } from "../target-state.ts";
import { stepFailure } from "./git-failure.ts";
import type { Remote } from "./mirror.ts";
import { objectEnvironment, type ObjectStore } from "./objects.ts";
import { runGit } from "./run-git.ts";

const pushTimeout = 300_000;

/**
 * Puts a commit on a branch of the remote, if the branch is where it is thought to be.
 *
 * @param expected The commit that it is at; empty where it mustn't exist.
 * @returns `stale` where it isn't: somebody else has been there.
 */
export async function pushCommit(
  mirror: ObjectStore,
  remote: Remote,
  commit: string,
  branch: string,
  expected: string,
): Promise<Outcome<"pushed" | "stale">> {
  const ref = `refs/heads/${branch}`;
  const result = await runGit({
    words: [
      "push",
      "--porcelain",
      "--no-verify",
      "--no-signed",
      `--force-with-lease=${ref}:${expected}`,
      "--",
      remote.url,
      `${commit}:${ref}`,
    ],
    environment: objectEnvironment(mirror),
    transport: remote.transport,
    timeout: pushTimeout,
    signal: remote.signal,
  });
  if (!("gitFailure" in result)) return { value: "pushed" };
  const { said } = result.gitFailure;
  if (/stale info|fetch first|non-fast-forward|reference already exists/.test(said)) {
    return { value: "stale" };
  }
  return { failure: stepFailure("push", result.gitFailure) };
}
