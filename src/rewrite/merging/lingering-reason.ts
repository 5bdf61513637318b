import { forEachChild, type SyntaxNode } from "unbash";
import { lingeringOf, type Lingering } from "../../behaviour/lingering.ts";
import type { ScriptProgram } from "../run-program.ts";

/** What a script leaves that lasts until its RUN ends, as the reason to keep the next apart. */
const reasons: Readonly<Record<Lingering, string>> = {
  account: "the RUN before it changes the account that RUNs start with",
  device: "the RUN before it changes a device file, which each RUN gets anew",
  job: "the RUN before it starts a background job, which ends with it",
  kernel:
    "the RUN before it changes mounts, the network or the kernel, which lasts as long as it",
  network:
    "the RUN before it changes /etc/hosts, resolv.conf or hostname, which each RUN gets anew",
  process: "the RUN before it may leave a process running, which ends with it",
  shell: "the RUN before it puts another shell in the place of its own",
  workdir: "the RUN before it may remove its working directory, which each RUN gets anew",
};

/** Says what a script leaves that is known to leave something. */
export function lingeringReason({ script, place }: ScriptProgram): string {
  const find = (node: SyntaxNode): Lingering | undefined => {
    if (node.type === "Statement" && node.background) return "job";
    let found = node.type === "Command" ? lingeringOf(node, place) : undefined;
    forEachChild(node, (child) => {
      found ??= find(child);
    });
    return found;
  };
  const found = find(script.tree);
  return found ? reasons[found] : "the RUN before it handles jobs, which end with it";
}

/**
 * Why nothing may follow a script for the sake of what the graph of the script doesn't look
 * into: a process that is started in a substitution or in the words of a loop or case. Also an
 * EXIT trap beside redirected groups: which files are open when it runs depends
 * on where the shell ends.
 */
export function hiddenLingering({ script, place }: ScriptProgram): string | undefined {
  let left: Lingering | undefined;
  let [hasTrap, hasRedirection] = [false, false];
  const visit = (node: SyntaxNode, substituted: boolean): void => {
    if (node.type === "Redirected") hasRedirection = true;
    if (substituted && node.type === "Statement" && node.background) left ??= "job";
    if (substituted && node.type === "Command") left ??= lingeringOf(node, place);
    if (node.type === "Command" && node.name?.value === "trap") hasTrap = true;
    forEachChild(node, (child) => {
      visit(child, substituted || node.type === "CommandExpansion");
    });
  };
  visit(script.tree, false);
  if (left) return reasons[left];
  return hasTrap && hasRedirection
    ? "the RUN before it sets a trap beside redirected commands"
    : undefined;
}
