import { temporaryFolder } from "../files/temporary.ts";
import type { FileProblem } from "../files/problem.ts";
import { workingBuilder, type FoundBuilder } from "../images/builders/find.ts";
import { differenceText, seconds, sizeAfter, verdict } from "../output/verify-wording.ts";
import { byteSize } from "../output/wording.ts";
import { describeFailure } from "../verify/failure.ts";
import { rewrittenCopy } from "../verify/rewritten-copy.ts";
import { verifyBuilds } from "../verify/verify-builds.ts";
import {
  buildOptionsProblem,
  verifyOptions,
  type BuildCommandOptions,
} from "./build-options.ts";
import type { Confirm } from "./fix-target.ts";

interface Surroundings {
  /** Writes to standard error. */
  readonly say: (text: string) => void;
  readonly interrupted: AbortSignal;
}

/**
 * For `fix --verify`: builds each Dockerfile before and after, one at a time.
 *
 * @returns a string that says why nothing can be built.
 */
export async function rewriteConfirmation(
  options: BuildCommandOptions,
): Promise<((surroundings: Surroundings) => Confirm) | string> {
  const problem = buildOptionsProblem(options);
  if (problem !== undefined) return problem;
  const found = await workingBuilder(options.builder, (options.secret ?? []).length > 0);
  if (typeof found === "string") return `${found}.`;
  return (surroundings) => {
    let previous: Promise<unknown> = Promise.resolve();
    return (rewrite) => {
      const result = previous.then(() => confirm(rewrite, options, found, surroundings));
      previous = result.catch(() => undefined);
      return result;
    };
  };
}

async function confirm(
  { name, path, before, after, config }: Parameters<Confirm>[0],
  options: BuildCommandOptions,
  found: FoundBuilder,
  { say, interrupted }: Surroundings,
): Promise<FileProblem | undefined> {
  if (interrupted.aborted) return notConfirmed("the run was interrupted");
  const folder = temporaryFolder();
  try {
    const dockerfiles = {
      before: { name, path, text: before },
      after: {
        name: `${name}, rewritten`,
        path: rewrittenCopy(folder.path, path, after),
        text: after,
      },
    };
    const verification = await verifyBuilds(
      dockerfiles.before,
      dockerfiles.after,
      await verifyOptions(options, {
        dockerfile: path,
        found,
        config,
        folder: folder.path,
        interrupted,
        onProgress: () => undefined,
      }),
    );
    switch (verification.kind) {
      case "interrupted":
        return notConfirmed("the run was interrupted");
      case "failed":
      case "build-failed": {
        const {
          name: failed,
          line,
          message,
          hint,
        } = describeFailure(verification, dockerfiles);
        const place = line === undefined ? failed : `${failed}:${line}`;
        return notConfirmed(`${place}: ${message}`, hint);
      }
      case "compared": {
        const { report } = verification;
        if (!report.isSame) {
          const [first] = report.differences;
          return notConfirmed(
            `${verdict(report)}${first === undefined ? "" : `, such as ${first.subject}, which ${differenceText(first)}`}`,
            "`dockerslim verify` shows all",
          );
        }
        const times = [report.before, report.after].map(({ buildMilliseconds }) =>
          seconds(buildMilliseconds),
        );
        say(
          `${name}: ${report.isSplit ? "the same program in two stages" : "the same image"}, ${byteSize(report.before.bytes)} -> ${sizeAfter(report)}; built in ${times.join(" and ")}\n`,
        );
        return undefined;
      }
    }
  } finally {
    folder.remove();
  }
}

function notConfirmed(reason: string, hint = ""): FileProblem {
  return {
    kind: "not-confirmed",
    message: `the rewritten file was not confirmed, so it was not written: ${reason}`,
    hint,
  };
}
