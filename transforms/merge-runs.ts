import { configurationKeywords } from "../src/dockerfile/configuration.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import { extendChain, startChain, type Chain } from "../src/rewrite/merging/chain.ts";
import { joinRuns } from "../src/rewrite/merging/joined-run.ts";
import { layoutFor } from "../src/rewrite/layout.ts";
import { savingSpans } from "../src/rewrite/merging/merge-savings.ts";
import { insertFlags } from "../src/rewrite/cache-mounts/mount-flags.ts";
import { flagTexts } from "../src/rewrite/merging/mount-union.ts";
import { runProgram } from "../src/rewrite/run-program.ts";
import type {
  Change,
  Refusal,
  Transform,
  TransformContext,
} from "../src/engine/types.ts";

export const mergeRuns: Transform = {
  id: "merge-runs",
  level: "safe",
  summary: "Merges RUN instructions that follow each other into one",
  why: [
    "Each RUN makes a layer, and a layer keeps what a later one deletes. Only when the",
    "download, the build and the clean-up are one RUN does the clean-up make the image",
    "smaller. It also keeps `apt-get update` and `apt-get install` from being cached apart.",
  ].join("\n"),
  how: [
    "Joins the commands with `&&`. A RUN that changes its shell (`cd`, a variable, `set`,",
    "`trap` …) goes into a subshell, an `a || b` or `a; b` into braces; under `set -e`, `;`",
    "becomes `&&` where that is the same. Comments stay above their command.",
    "",
    "Left alone: exec form, heredocs, other shells than sh, bash, dash and ash, RUNs with",
    "different flags, a RUN that leaves a process running or reads `$$` and the like, a RUN",
    "with a comment for another tool above it, and whatever can't be proven equal. A cache",
    "mount for a package manager that only one of the RUNs uses is no such difference.",
    "Instructions between two RUNs keep them apart, unless they only set the image's",
    "configuration (LABEL, EXPOSE, CMD, ENTRYPOINT, HEALTHCHECK, STOPSIGNAL, MAINTAINER).",
    "",
    'With `"strategy": "when-it-saves"`, RUNs are merged only where a later one deletes or',
    "rewrites what an earlier one made, or installs from lists that an earlier one fetched.",
  ].join("\n"),

  apply(stage, context) {
    const chains: Chain[] = [];
    const refusals: Refusal[] = [];
    let current: Chain | undefined;
    const flush = (): void => {
      if (current) chains.push(current);
      current = undefined;
    };
    for (const run of stage.instructions) {
      if (configurationKeywords.has(run.keyword)) continue;
      if (run.keyword !== "RUN") {
        flush();
        continue;
      }
      const program = runProgram(run, context.dockerfile);
      const reason = context.isIgnored(run)
        ? "a comment asks to leave it alone"
        : program.kind === "opaque"
          ? program.reason
          : undefined;
      if (reason !== undefined) {
        refusals.push({ range: run.range, reason });
        flush();
      }
      if (reason !== undefined || program.kind === "opaque") continue;
      const candidate = { run, program };
      const extended = current && extendChain(current, candidate, context.dockerfile);
      if (typeof extended === "object") {
        current = extended;
        continue;
      }
      if (extended !== undefined) refusals.push({ range: run.range, reason: extended });
      flush();
      current = startChain(candidate, context.dockerfile);
    }
    flush();
    return {
      changes: chains
        .flatMap((chain) => worthwhile(chain, context))
        .flatMap((chain) => mergedRun(chain, context)),
      refusals,
    };
  },
};

/** With the strategy `when-it-saves`, the parts of a chain that gain from being one RUN. */
function worthwhile(chain: Chain, { settings, dockerfile }: TransformContext): Chain[] {
  if (settings["merge-runs"].strategy === "always") return [chain];
  const spans = savingSpans(chain.links.map(({ program }) => program.script));
  return spans.flatMap(([from, to]) => {
    const [first, ...others] = chain.links.slice(from, to + 1);
    if (!first) return [];
    return others.reduce<Chain[]>(
      (parts, link) => {
        const last = parts.at(-1);
        const extended = last && extendChain(last, link, dockerfile);
        return typeof extended === "object"
          ? [...parts.slice(0, -1), extended]
          : [...parts, startChain(link, dockerfile)];
      },
      [startChain(first, dockerfile)],
    );
  });
}

function mergedRun({ links, flags }: Chain, context: TransformContext): Change[] {
  const [first] = links;
  const last = links.at(-1);
  if (!first || !last || links.length < 2) return [];
  const { dockerfile } = context;
  const missingFlags = (run: Instruction): string[] => {
    const own = flagTexts(run, dockerfile);
    return flags.filter((flag) => !own.includes(flag));
  };
  const layout = layoutFor(
    links.map(({ run }) => run),
    dockerfile,
    context.layout,
  );
  return [
    {
      message: `Merges ${links.length} RUN instructions into one.`,
      range: { start: first.run.range.start, end: last.run.range.end },
      edits: [
        ...insertFlags(first.run, missingFlags(first.run), dockerfile, layout),
        ...joinRuns(links, dockerfile, layout),
      ],
      level: "safe",
      declares: {
        addedFlags: links.flatMap(({ run }) =>
          missingFlags(run).map((text) => ({ run, text })),
        ),
      },
    },
  ];
}
