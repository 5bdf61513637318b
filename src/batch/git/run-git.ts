import { spawn } from "node:child_process";
import { gitEnvironment, safeOptions, type Transport } from "./safe-git.ts";

export interface GitCall {
  /** Without the program; the options that make it safe come before them. */
  readonly words: readonly string[];
  /** Where it runs; the repository itself is named by `environment` or `words`. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may fetch or push by; nothing where it is absent. */
  readonly transport?: Transport;
  readonly input?: string | Buffer;
  /** Takes standard output piece by piece, which is not kept then. */
  readonly onOutput?: (piece: Buffer) => void;
  /** Milliseconds, after which it is ended. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GitFailure {
  readonly kind: "exit" | "timeout" | "too-large" | "not-started" | "interrupted";
  /** Exit code, where it came to one. */
  readonly code: number | null;
  /** What it said on standard error, at most 16 KiB. */
  readonly said: string;
}

export type GitResult =
  | { readonly output: Buffer; readonly said: string }
  | { readonly gitFailure: GitFailure };

const localTimeout = 120_000;
const maxSaid = 16 * 1024;
/** Of what is kept; whatever may be longer is taken piece by piece. */
const maxOutput = 64 * 1024 * 1024;

/** Runs git once. Never rejects; children of git end with it. */
export function runGit(call: GitCall): Promise<GitResult> {
  return new Promise((resolve) => {
    const failed = (kind: GitFailure["kind"], code: number | null, said: string) => {
      resolve({ gitFailure: { kind, code, said } });
    };
    if (call.signal?.aborted) {
      failed("interrupted", null, "");
      return;
    }
    const child = spawn("git", [...safeOptions(call.transport), ...call.words], {
      cwd: call.folder,
      env: gitEnvironment(call.transport, call.environment ?? {}),
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own: Ctrl-C is for this process to handle, and the group is ended whole.
      detached: true,
      windowsHide: true,
    });
    let ended: GitFailure["kind"] | undefined;
    const end = (kind: GitFailure["kind"]) => {
      ended ??= kind;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      end("timeout");
    }, call.timeout ?? localTimeout);
    const interrupt = () => {
      end("interrupted");
    };
    call.signal?.addEventListener("abort", interrupt, { once: true });

    const pieces: Buffer[] = [];
    let length = 0;
    let said = "";
    child.stdout.on("data", (piece: Buffer) => {
      if (call.onOutput !== undefined) {
        call.onOutput(piece);
        return;
      }
      length += piece.length;
      if (length > maxOutput) end("too-large");
      else pieces.push(piece);
    });
    child.stderr.on("data", (piece: Buffer) => {
      if (said.length < maxSaid) said += piece.toString("utf8").slice(0, maxSaid);
    });
    // git may end before it has read everything; its exit code says so.
    child.stdin.on("error", () => undefined);
    child.stdin.end(call.input ?? "");

    const settle = () => {
      clearTimeout(timer);
      call.signal?.removeEventListener("abort", interrupt);
    };
    child.on("error", (error) => {
      settle();
      failed("not-started", null, error.message);
    });
    child.on("close", (code) => {
      settle();
      if (ended !== undefined) failed(ended, code, said);
      else if (code !== 0) failed("exit", code, said);
      else resolve({ output: Buffer.concat(pieces), said });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
