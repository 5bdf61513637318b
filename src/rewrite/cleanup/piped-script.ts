import type { CommandArgument, SyntaxNode } from "unbash";
import { harmlessDownloads, listFetchingScripts } from "../../knowledge/apt-lists.ts";
import type { SimpleCommand } from "../../shell/commands.ts";

const shells = /^(ba|da|a|k|z)?sh$/;

/**
 * Whether a command runs a script that isn't in the file and has no name either: what a pipe
 * or a redirection brings to a shell, or a process substitution (`curl … | sh -s -- -y`,
 * `bash < setup`, `source <(curl …)`). Scripts to download that are known don't count.
 */
export function runsUnknownInput(command: SimpleCommand): boolean {
  const { invocation, node } = command;
  const program = invocation?.program ?? "";
  const args = invocation?.args ?? [];
  if (!shells.test(program) && !/^(source|\.)$/.test(program)) return false;
  const substitution = args.find(({ text }) => text.startsWith("<("));
  if (substitution) return !isKnown([substitution]);
  if (!shells.test(program) || !readsInput(args)) return false;
  if (node.redirects.some(({ operator }) => operator.startsWith("<"))) return true;
  const pipeline = pipelineInto(command);
  return pipeline !== undefined && !isKnown(pipeline);
}

/** No script is named: there is no operand, or `-s` makes them the script's own. */
function readsInput(args: readonly CommandArgument[]): boolean {
  const options = args.map(({ text }) => text);
  if (options.some((text) => /^-[a-z]*s$/.test(text))) return true;
  return options.every((text) => /^[-+]/.test(text) && !/^-[a-z]*c$/.test(text));
}

/** The words in front of the command in the pipeline that it stands in. */
function pipelineInto({ node, ancestors }: SimpleCommand): readonly Worded[] | undefined {
  const pipeline = ancestors.findLast(({ type }) => type === "Pipeline");
  const before =
    pipeline?.type === "Pipeline"
      ? pipeline.commands.filter(({ end }) => end <= node.pos)
      : [];
  return before.length > 0 ? before.flatMap(wordsOf) : undefined;
}

interface Worded {
  readonly text: string;
}

function wordsOf(node: SyntaxNode): readonly Worded[] {
  return node.type === "Command" ? [...(node.name ? [node.name] : []), ...node.args] : [];
}

function isKnown(words: readonly Worded[]): boolean {
  return words
    .flatMap(({ text }) => text.split(/[\s"'()<>]+/))
    .some((word) => harmlessDownloads.test(word) || listFetchingScripts.test(word));
}
