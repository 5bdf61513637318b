import type { Command } from "unbash";
import { oncePer } from "../../dockerfile/once-per.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { nestedScript } from "../../shell/invocation.ts";
import { parseScript, type Script } from "../../shell/parse.ts";
import { succeedsOnlyWith } from "../../shell/sure-success.ts";

/** A command of a script, or of the script in `sh -c '…'` and `su user -c '…'`. */
export interface NestedCommand extends SimpleCommand {
  /** What stands around a nested script: `su user -c` and what follows it. */
  readonly wrapper?: Wrapper;
  /** The nested shell may have set itself up: a program that it finds may not be there for others. */
  readonly isInOwnShell?: true;
}

interface Wrapper {
  readonly open: string;
  readonly close: string;
  /** As whom it runs the script; undefined for root. */
  readonly user: string | undefined;
}

/**
 * The commands of a script, those of nested scripts among them. A nested one has the node of
 * the call around it, which succeeds only if each of them does.
 */
export const commandsWithNested = oncePer((script: Script): readonly NestedCommand[] =>
  simpleCommands(script).flatMap((outer) => nestedIn(outer) ?? [outer]),
);

function nestedIn(outer: SimpleCommand): NestedCommand[] | undefined {
  const { invocation } = outer;
  const text = invocation && nestedScript(invocation);
  if (invocation === undefined || text === undefined) return undefined;
  const script = parseScript(text, "sh");
  const [statement, ...others] = script.tree.commands;
  if (!statement || others.length > 0 || script.unreadable !== undefined)
    return undefined;
  const inner = simpleCommands(script);
  // Behind the call, the clean-up then follows each of them.
  const isList = inner.every(({ node }) =>
    succeedsOnlyWith(statement.command, (other) => other === node),
  );
  if (!isList || statement.background) return undefined;
  const wrapper = wrapperOf(outer, text);
  if (wrapper === "unknown") return undefined;
  const isSetUp = wrapper === undefined || inner.some(({ node }) => setsUp(node));
  return inner.flatMap((command) => {
    const own = command.invocation;
    // Whoever runs it is told by the call or by the command, not by both.
    if (!own || (wrapper && own.prefixWords.length > 0)) return [];
    const prefixes = [...invocation.prefixes, ...own.prefixes];
    const prefixWords = [...invocation.prefixWords, ...own.prefixWords];
    return [
      {
        ...outer,
        invocation: { ...own, prefixes, prefixWords },
        ...(wrapper ? { wrapper } : {}),
        ...(isSetUp ? { isInOwnShell: true as const } : {}),
      },
    ];
  });
}

/** Whether a command changes the shell that it runs in. */
function setsUp({ name }: Command): boolean {
  return name === undefined || /^(\.|source|export|eval|alias|set|nvm)$/.test(name.text);
}

/** Undefined for a shell, which changes nothing about who runs it. */
function wrapperOf(
  { invocation }: SimpleCommand,
  script: string,
): Wrapper | undefined | "unknown" {
  if (/^(ba|da|a)?sh$/.test(invocation?.program ?? "")) return undefined;
  if (invocation?.program !== "su") return "unknown";
  const words = [invocation.programWord, ...invocation.args];
  const at = words.findIndex((word) => word.type === "Word" && word.value === script);
  const others = words.filter((_, index) => index !== at).map(({ text }) => text);
  if (words[at - 1]?.text !== "-c") return "unknown";
  if (!others.every((word) => /^(su|-|-l|-c|--login|[a-z_][\w-]*)$/.test(word)))
    return "unknown";
  const user = others.find((word, index) => index > 0 && !word.startsWith("-"));
  const text = (part: typeof words): string => part.map((word) => word.text).join(" ");
  return {
    open: `${text(words.slice(0, at))} '`,
    close: `' ${text(words.slice(at + 1))}`.trimEnd(),
    user: user === "root" ? undefined : user,
  };
}
