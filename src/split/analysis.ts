import type { Proposal } from "./propose.ts";
import { isSilence, type Finding } from "./plan.ts";

/** What was found out about a stage on the way to a proposal, or to silence. */
export function analysisOf({ subject, result }: Proposal): readonly Finding[] {
  const { stage, image, start } = subject;
  const common: Finding[] = [
    {
      topic: "toolchain",
      text: image.resolved ?? image.text,
      evidence: stage.from.range,
    },
    ...subject.commands.map(({ program = "…", args, range }): Finding => ({
      topic: "build",
      text: [program, ...args.map((word) => word ?? "…")].join(" "),
      evidence: range,
    })),
    ...(start?.commands ?? []).map(({ program = "…", args, evidence }): Finding => ({
      topic: "start",
      text: [program, ...args.map((word) => word ?? "…")].join(" "),
      evidence,
    })),
  ];
  if (isSilence(result))
    return [...common, { topic: "unknown", text: result.reason, evidence: result.range }];
  const copied = result.artefacts.filter(
    ({ path }) =>
      !result.findings.some((item) => item.topic === "artefact" && item.text === path),
  );
  return [
    ...common,
    ...result.findings,
    ...copied.map(({ path }): Finding => ({
      topic: "artefact",
      text: path,
      evidence: stage.from.range,
    })),
  ];
}
