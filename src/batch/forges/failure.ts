import { shortened } from "../../output/printable.ts";
import type { FailureClass, Outcome, StepFailure } from "../target-state.ts";
import { CallError, RefusedError, type Refusal } from "./call.ts";

/** What failures have to know of who calls. */
export interface Caller {
  /** With the port where there is one. */
  readonly host: string;
  /** What to do about a token that isn't accepted. */
  readonly tokenHint: string;
  /** Texts that never may be seen, in force when it is asked. */
  readonly secrets: () => readonly string[];
}

const second = 1000;
const minute = 60 * second;
/** No rate limit of a forge is longer; what says more is wrong. */
const longest = 24 * 60 * minute;

/** Turns what is thrown on the way into a failure of this step. */
export async function attempt<T>(
  caller: Caller,
  step: string,
  run: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { value: await run() };
  } catch (error) {
    return { failure: failureOf(caller, step, error) };
  }
}

export function failureOf(caller: Caller, step: string, error: unknown): StepFailure {
  return error instanceof RefusedError
    ? refused(caller, step, error.refusal)
    : failed(caller, step, error);
}

/** What a forge says in a refusal: GitHub and Gitea in `message`, GitLab in three shapes. */
export function messageIn(data: unknown): string {
  if (typeof data === "string") return data;
  if (Array.isArray(data)) return data.map(messageIn).filter(Boolean).join("; ");
  if (typeof data !== "object" || data === null) return "";
  const { message, error, errors, code, field } = data as Record<string, unknown>;
  const parts = [message, errors].map(messageIn).filter(Boolean);
  if (parts.length > 0) return parts.join(": ");
  if (typeof error === "string") return error;
  if (typeof code === "string") return [field, code].filter(isText).join(" ");
  // GitLab's `{ "message": { "base": ["…"] } }`.
  return Object.values(data).map(messageIn).filter(Boolean).join("; ");
}

const isText = (value: unknown) => typeof value === "string";

function refused(caller: Caller, step: string, refusal: Refusal): StepFailure {
  const judgement = judge(caller, refusal);
  const said = withoutSecrets(caller, refusal.message).trim();
  const words = said === "" ? "" : `: ${shortened(said, 300)}`;
  return {
    class: judgement.class,
    step,
    message: `${caller.host} answered ${refusal.status}${words}`,
    hint: judgement.hint,
    ...(judgement.retryAfter !== undefined && { retryAfter: judgement.retryAfter }),
  };
}

function failed(caller: Caller, step: string, error: unknown): StepFailure {
  const known = error instanceof CallError;
  const message = error instanceof Error ? error.message : String(error);
  return {
    class: known ? error.class : "internal-error",
    step,
    message: `${caller.host}: ${shortened(withoutSecrets(caller, message), 300)}`,
    hint: known ? error.hint : "This is a bug of dockerslim; please report it.",
  };
}

function withoutSecrets(caller: Caller, text: string): string {
  const secrets = caller.secrets().filter((secret) => secret !== "");
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, "[token]"), text);
}

interface Judgement {
  readonly class: FailureClass;
  readonly hint: string;
  readonly retryAfter?: number;
}

function judge({ tokenHint }: Caller, { status, headers, message }: Refusal): Judgement {
  const wait = waitOf(headers);
  const limited = (retryAfter: number): Judgement => ({
    class: "rate-limited",
    hint: "Nothing to do: it goes on when the limit is over. Lower `limits` of this host if it happens often.",
    retryAfter,
  });
  if (status === 429) return limited(wait ?? minute);
  if (status === 403) {
    if (/\barchived\b/i.test(message)) return { class: "archived", hint: archivedHint };
    if (wait !== undefined) return limited(wait);
    // GitHub asks for at least a minute where it doesn't say how long.
    if (/rate limit|abuse detection/i.test(message)) return limited(minute);
    return {
      class: "unauthorized",
      hint: `The token isn't allowed to do this. ${tokenHint}`,
    };
  }
  if (status === 401) return { class: "unauthorized", hint: tokenHint };
  if (status === 404 || status === 451) return { class: "not-found", hint: missingHint };
  // Gitea locks what is archived, and GitLab only reads what has moved.
  if (status === 410 || status === 423) return { class: "archived", hint: archivedHint };
  if ((status >= 300 && status < 400) || (status === 405 && /moved/i.test(message))) {
    return { class: "moved", hint: "Plan again with the repository's present address." };
  }
  if (status >= 500) {
    const hint = "Try again later: `dockerslim batch retry --class unavailable`.";
    return {
      class: "unavailable",
      hint,
      ...(wait !== undefined && { retryAfter: wait }),
    };
  }
  return { class: "invalid", hint: "" };
}

const archivedHint = "The repository is read-only; leave it out or unarchive it.";
const missingHint =
  "It is gone, or the token may not see it: forges answer the same in both cases.";

/** How long a rate limit lasts, in milliseconds; undefined where the headers name none. */
function waitOf(headers: Refusal["headers"]): number | undefined {
  const header = (name: string) => {
    const value = headers[name];
    return value === undefined || value === "" ? undefined : String(value);
  };
  const after = header("retry-after");
  if (after !== undefined) {
    const seconds = Number(after);
    return within(
      Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * second,
    );
  }
  for (const prefix of ["x-ratelimit", "ratelimit"]) {
    const reset = header(`${prefix}-reset`);
    if (header(`${prefix}-remaining`) !== "0" || reset === undefined) continue;
    return within(Number(reset) * second - Date.now());
  }
  return undefined;
}

function within(wait: number): number {
  return Number.isNaN(wait) ? minute : Math.min(Math.max(wait, second), longest);
}
