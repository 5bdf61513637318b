/** What the oracle says, and how a person reads it. */
import type { BuildEvent, Item } from "./execute.ts";

export interface Difference {
  /** What was made to happen: "every command succeeds", "… fails" and so on. */
  readonly situation: string;
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  readonly details: readonly string[];
}

export type Verdict =
  | {
      readonly kind: "equal";
      readonly events: number;
      readonly injected: number;
      /** False where a script stops by itself, so that what follows wasn't executed. */
      readonly complete: boolean;
    }
  | { readonly kind: "different"; readonly difference: Difference }
  | { readonly kind: "skipped"; readonly reason: string }
  /** A mistake of the oracle itself, or of the machine. */
  | { readonly kind: "crashed"; readonly message: string };

export function describeItem(item: Item | undefined): string {
  if (!item) return "nothing more";
  if (item.type === "barrier") return `line ${item.line}: ${item.text}`;
  return describeEvent(item.event);
}

export function describeEvent({ kind, argv, line }: BuildEvent): string {
  const words = argv.map((word) =>
    /^[\w@%+=:,./*~-]+$/.test(word) ? word : JSON.stringify(word),
  );
  const verb = kind === "exec" ? "" : `${kind} `;
  return `line ${line}: ${verb}${words.join(" ")}`;
}

export function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case "equal":
      return `equal (${verdict.events} events, ${verdict.injected} failures tried${verdict.complete ? "" : ", up to where the build stops by itself"})`;
    case "skipped":
      return `skipped: ${verdict.reason}`;
    case "crashed":
      return `the oracle crashed: ${verdict.message}`;
    case "different": {
      const { situation, summary, before, after, details } = verdict.difference;
      return [
        `different: ${summary}, when ${situation}`,
        `  before  ${before}`,
        `  after   ${after}`,
        ...details.map((detail) => `  ${detail}`),
      ].join("\n");
    }
  }
}
