/** A history entry's `created_by`, taken apart. */
export interface CreatedBy {
  /** Upper case; undefined where it can't be told, as for a base image made without a Dockerfile. */
  readonly keyword: string | undefined;
  /** What follows the keyword; of a RUN the script without the shell. */
  readonly text: string;
}

/** The classic builder and buildah mark what runs no command by a shell comment. */
const noOperation = /^\/bin\/sh -c #\(nop\)\s+/;
/** Values of build arguments: `|2 A=1 B=2 /bin/sh -c …` */
const buildArguments = /^\|\d+\s+/;
const buildKitMark = /\s+# buildkit$/;
const shells =
  /^(?:\S*\/)?(?:sh|bash|ash|dash|zsh)\s+(?:-\w*o\s+\w+\s+|-\S+\s+)*?-\w*c\s+/;

/**
 * Reads what BuildKit (`RUN /bin/sh -c make # buildkit`), the classic builder
 * (`/bin/sh -c make`, `/bin/sh -c #(nop)  ENV a=b`) and buildah (as the classic one) write.
 */
export function readCreatedBy(written: string): CreatedBy {
  const text = written.trim().replace(buildKitMark, "");
  const marked = text.replace(noOperation, "");
  const [, keyword, rest] = /^([A-Z]+)\s+(.*)$/s.exec(marked) ?? [];
  if (keyword !== undefined && keyword !== "RUN" && rest !== undefined) {
    return { keyword, text: rest };
  }
  const command = keyword === "RUN" && rest !== undefined ? rest : marked;
  const script = withoutArguments(command);
  return shells.test(script)
    ? { keyword: "RUN", text: script.replace(shells, "") }
    : { keyword, text: script };
}

/** Cuts off the build arguments, whose values may hold blanks. */
function withoutArguments(command: string): string {
  if (!buildArguments.test(command)) return command;
  const shell = /\s(\/\S*\/(?:sh|bash|ash|dash|zsh)\s.*)$/s.exec(command);
  return shell?.[1] ?? command.replace(buildArguments, "");
}

/** One line for people: `RUN make`. */
export function createdByLine(written: string): string {
  const { keyword, text } = readCreatedBy(written);
  const line = text.replace(/\s+/g, " ").trim();
  return keyword === undefined ? line : `${keyword} ${line}`.trim();
}
