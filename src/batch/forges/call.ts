import type { FailureClass } from "../target-state.ts";

const maxBody = 32 * 1024 * 1024;
const defaultTimeout = 30_000;

/** A call that got no usable answer; its message has no address and no header in it. */
export class CallError extends Error {
  readonly class: FailureClass;
  readonly hint: string;
  constructor(failureClass: FailureClass, message: string, hint = "") {
    super(message);
    this.name = "CallError";
    this.class = failureClass;
    this.hint = hint;
  }
}

/** An answer that isn't the one that was wanted. */
export interface Refusal {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** What the forge says about it; may be empty. */
  readonly message: string;
}

export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "RefusedError";
    this.refusal = refusal;
  }
}

/**
 * Base address of an API. Plain HTTP is for this machine only, since each call has a token.
 *
 * @throws {CallError} of class invalid
 */
export function apiBase(address: string): URL {
  let base: URL;
  try {
    base = new URL(address);
  } catch {
    throw new CallError("invalid", "the address of the API is no URL", apiHint);
  }
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(base.hostname);
  if (base.protocol !== "https:" && !(base.protocol === "http:" && loopback)) {
    throw new CallError("invalid", "the address of the API isn't https", apiHint);
  }
  if (base.username !== "" || base.password !== "") {
    throw new CallError(
      "invalid",
      "the address of the API has a password in it",
      apiHint,
    );
  }
  return base;
}

const apiHint = "Set `api` of this host in the campaign's `hosts`.";

/** An address with the path added to it, without a slash at its end. */
export function baseAddress(base: URL): string {
  return base.href.replace(/\/+$/, "");
}

/**
 * A `fetch` for one host. It goes nowhere else, since each call has a token and a forge may
 * answer with any address. It follows no redirect, has the whole answer before it returns, and
 * gives up after some time and at some size.
 *
 * @param timeout Most that a call may take, with its answer's body, in milliseconds.
 * @throws {CallError}
 */
export function hostFetch(base: URL, timeout = defaultTimeout): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== base.origin) {
      throw new CallError("hostile", `the forge sent us on to ${url.host}`, foreignHint);
    }
    const signal = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(url, { ...init, redirect: "manual", signal });
      const body = await wholeBody(response);
      const whole = new Response(noBody.has(response.status) ? null : body, {
        status: response.status,
        headers: response.headers,
      });
      // One that is made has none, but lists go on from their own address.
      return Object.defineProperty(whole, "url", { value: url.href });
    } catch (error) {
      if (error instanceof CallError) throw error;
      if (signal.aborted) {
        const seconds = timeout / 1000;
        throw new CallError("unavailable", `no answer in ${seconds} s`, laterHint);
      }
      throw new CallError("unavailable", `no connection: ${reason(error)}`, laterHint);
    }
  };
}

const noBody = new Set([101, 204, 205, 304]);
const foreignHint =
  "Calls go to the forge's own host only. Check the repository's address.";
const laterHint = "Try again later: `dockerslim batch retry --class unavailable`.";

async function wholeBody(response: Response): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  if (response.body !== null) {
    const parts = response.body as AsyncIterable<Uint8Array<ArrayBuffer>>;
    for await (const chunk of parts) {
      size += chunk.length;
      if (size > maxBody) {
        throw new CallError("unavailable", "the answer has more than 32 MiB");
      }
      chunks.push(chunk);
    }
  }
  return new Blob(chunks);
}

/** What Node's fetch says is in the cause; the error itself only says that it failed. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return "unknown";
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? cause.message;
}
