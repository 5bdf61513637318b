import { managersNamed, packageManagers } from "../../knowledge/package-managers.ts";

/**
 * The words that a diff takes and adds, each once, in the order in which they stand there,
 * without those that it only moves. Words that differ from repository to repository are
 * masked, so that equal edits look equal.
 */
export interface EditTokens {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** @param hunks Of a unified diff, from the first `@@` on. */
export function editTokens(hunks: string): EditTokens {
  const balance = new Map<string, number>();
  for (const line of hunks.split("\n")) {
    const step = steps[line[0] ?? ""] ?? 0;
    if (step === 0) continue;
    for (const token of tokensOf(line.slice(1))) {
      balance.set(token, (balance.get(token) ?? 0) + step);
    }
  }
  const isGrouped = (balance.get("{") ?? 0) > 0 || (balance.get("(") ?? 0) > 0;
  const [removed, added] = [new Set<string>(), new Set<string>()];
  for (const [token, net] of balance) {
    if (net < 0) removed.add(masked(token));
    // The semicolon before a closing brace belongs to it.
    if (net > 0 && !(token === ";" && isGrouped)) added.add(masked(token));
  }
  for (const implied of impliedWords) {
    removed.delete(implied);
    added.delete(implied);
  }
  return { removed: [...removed], added: [...added] };
}

const steps: Readonly<Record<string, number>> = { "+": 1, "-": -1 };

const word =
  /&&|\|\||;;|[;|&(){}]|<<-?|\d*[<>]+&?|"(?:\\.|[^"\\])*"|'[^']*'|[^\s;|&(){}<>]+/g;

/** Not the backslash that continues a line: where lines end is layout. */
function tokensOf(line: string): readonly string[] {
  return line.replace(/\\\s*$/, "").match(word) ?? [];
}

/** Where commands are joined, these follow from how many there are. */
const impliedWords = ["&&"];
/** How commands that stay together are bracketed is up to the shell's syntax. */
const brackets: Readonly<Record<string, string>> = {
  "{": "( )",
  "}": "( )",
  "(": "( )",
  ")": "( )",
};

const keyword =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/i;
const operator = /^(?:&&|\|\||;;?|[|&]|<<-?|\d*[<>]+&?)$/;
const shellWords =
  "if then else elif fi for in do done while until case esac set cd export true test rm mkdir find sudo env exec [ [[ ] ]] ! :";

/** What the tool itself adds and takes: the tables' programs, subcommands and folders. */
const knownWords: ReadonlySet<string> = new Set([
  ...shellWords.split(" "),
  ...packageManagers.flatMap(({ cleanup, cleanupByPath = [], id, folders, flag }) => [
    id,
    ...folders.flatMap((folder) => [folder, `${folder}/`, `${folder}/*`]),
    ...(flag?.subcommands ?? []),
    ...[...cleanup, ...cleanupByPath].flatMap((command) => command.split(" ")),
  ]),
  "apt-get",
  "update",
]);

function masked(token: string): string {
  const bracket = brackets[token];
  if (bracket !== undefined) return bracket;
  if (keyword.test(token)) return token.toUpperCase();
  if (operator.test(token) || knownWords.has(token)) return token;
  const option = /^(-{1,2}[A-Za-z][\w-]{0,40})(=)?/.exec(token);
  if (option !== null) return `${option[1] ?? ""}${option[2] === undefined ? "" : "=…"}`;
  if (token.startsWith("#")) return "#…";
  if (/^["']/.test(token)) return "‹text›";
  if (/^[A-Za-z_]\w*=/.test(token)) return "‹name=value›";
  // pip3.11 and /opt/venv/bin/pip are pip.
  const [manager] = managersNamed(token.slice(token.lastIndexOf("/") + 1));
  if (manager !== undefined) return manager.id;
  return token.includes("/") ? "‹path›" : "‹word›";
}
