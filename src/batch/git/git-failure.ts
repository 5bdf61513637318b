import type { FailureClass, StepFailure } from "../target-state.ts";
import type { GitFailure } from "./run-git.ts";

interface Kind {
  readonly said: RegExp;
  readonly class: FailureClass;
  readonly message: string;
  readonly hint: string;
}

/** What git says in the C locale; the first one that fits counts. */
const kinds: readonly Kind[] = [
  {
    said: /returned error: 30\d|unable to update url base from redirection/i,
    class: "moved",
    message: "the server sends git to another address, which is not followed",
    hint: "List the repository by the address that it has now",
  },
  {
    said: /returned error: 429|rate limit|too many requests/i,
    class: "rate-limited",
    message: "the server refuses more requests for now",
    hint: "Try again later, or with fewer --jobs",
  },
  {
    said: /Authentication failed|could not read (?:Username|Password)|returned error: 40[13]|Permission (?:denied|to \S+ denied)|Host key verification failed|access denied/i,
    class: "unauthorized",
    message: "the server doesn't let this user in",
    hint: "Check the token or key, and that it may read the repository",
  },
  {
    said: /returned error: 404|repository .*not found|does not appear to be a git repository|couldn't find remote ref/i,
    class: "not-found",
    message: "there is no such repository, or this user may not see it",
    hint: "Check the address and what the token may see",
  },
  {
    said: /transport '\S*' not allowed|strange (?:hostname|pathname)|Invalid path|bad tree|too-large/i,
    class: "hostile",
    message: "the repository has something that git refuses",
    hint: "Nothing was run or written; look at it by hand",
  },
  {
    said: /dubious ownership/i,
    class: "unauthorized",
    message: "the clone belongs to another user",
    hint: "Name it in git's safe.directory if you trust it",
  },
  {
    said: /Could not resolve|Failed to connect|Connection (?:refused|reset|timed out|closed)|timed out|early EOF|returned error: 5\d\d|hung up|Recv failure|transfer closed|unexpected disconnect|Operation too slow|kex_exchange|Empty reply|SSL|certificate/i,
    class: "unavailable",
    message: "the server can't be reached or broke off",
    hint: "Try again with `batch retry --class unavailable`",
  },
];

/** In plain words, with what git said. */
export function stepFailure(step: string, failure: GitFailure): StepFailure {
  const said = lastWords(failure.said);
  switch (failure.kind) {
    case "timeout":
      return {
        class: "unavailable",
        step,
        message: "git took too long and was ended",
        hint: "Try again with `batch retry --class unavailable`",
      };
    case "interrupted":
      return { class: "unavailable", step, message: "interrupted", hint: "" };
    case "not-started":
      return {
        class: "git",
        step,
        message: `git can't be run: ${said}`,
        hint: "Install git 2.36 or newer",
      };
    case "too-large":
      return {
        class: "hostile",
        step,
        message: "git prints more than any repository should need",
        hint: "Leave the repository out, or look at it by hand",
      };
    case "exit": {
      const kind = kinds.find((each) => each.said.test(failure.said));
      return {
        class: kind?.class ?? "git",
        step,
        message: [kind?.message ?? "git failed", said].filter(Boolean).join(": "),
        hint: kind?.hint ?? "",
      };
    }
  }
}

/** The line that says what was fatal, failing that the last one. */
function lastWords(said: string): string {
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const decisive = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1);
  return (decisive ?? "").slice(0, 300);
}
