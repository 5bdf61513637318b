/**
 * The real shells. A small C library, loaded into dash or bash, lets the shell run as it is
 * and records each command in place of executing it; a small C program starts one shell
 * after another. Both are compiled once with the system's compiler.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingShells } from "./shells.ts";

const SOURCES = new URL("./native/", import.meta.url);
const FLAG = { overflow: 1, timeout: 2, injected: 4, lingered: 8 } as const;

/** How long a RUN may go without doing anything, in milliseconds; the machine may be busy. */
const LIMIT = 20_000;

interface ShellRequest {
  /** The shell of this machine that stands in for the one in the image. */
  readonly shell: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly absentCommands: readonly string[];
  /** Every command prints the same text. */
  readonly sameAnswers: boolean;
  readonly failure: { readonly key: string; readonly nth: number } | undefined;
}

interface ShellResult {
  readonly status: number;
  readonly log: Buffer;
  readonly output: string;
  readonly errors: string;
  readonly endless: boolean;
  readonly injected: boolean;
  readonly lingered: boolean;
}

export interface Runner {
  /** The folder that the shells see as `/`. */
  readonly root: string;
  /** `root`: the system confines the shells; `paths`: the paths that they name are changed. */
  readonly confinement: "root" | "paths";
  run(request: ShellRequest): Promise<ShellResult>;
  close(): void;
}

interface Programs {
  readonly runner: string;
  readonly library: string;
}

/** Compiles the two programs, or finds them compiled. Throws where there is no compiler. */
function programs(): Programs {
  const hash = createHash("sha256");
  for (const name of readdirSync(SOURCES))
    hash.update(readFileSync(new URL(name, SOURCES)));
  const folder = join(
    tmpdir(),
    `dockerslim-oracle-${userInfo().uid}-${hash.digest("hex").slice(0, 12)}`,
  );
  const found = { runner: join(folder, "runner"), library: join(folder, "interpose.so") };
  if (existsSync(found.runner) && existsSync(found.library)) return found;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const compile = (target: string, sources: readonly string[], ...options: string[]) => {
    const temporary = `${target}.${process.pid}`;
    const files = sources.map((source) => fileURLToPath(new URL(source, SOURCES)));
    execFileSync("cc", ["-O2", ...options, "-o", temporary, ...files, "-ldl"], {
      stdio: "pipe",
    });
    renameSync(temporary, target);
  };
  compile(found.library, ["interpose.c", "recorder.c", "confine.c"], "-shared", "-fPIC");
  compile(found.runner, ["runner.c"]);
  return found;
}

/** Why no runner can be started here, in words; `undefined` where one can. */
export function whyNoRunner(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  const missing = missingShells();
  if (missing !== undefined) return missing;
  try {
    execFileSync(programs().runner, ["probe"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `can't run here: ${String(error)}`;
  }
}

export function startRunner(wanted?: "paths"): Runner {
  const { runner, library } = programs();
  const probed = execFileSync(runner, ["probe"], { encoding: "utf8" }).trim();
  const confinement = wanted === "paths" || probed === "paths" ? "paths" : "root";
  const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const root = mkdtempSync(join(memory, "dockerslim-oracle-"));
  const child = spawn(runner, { stdio: ["pipe", "pipe", "pipe"] });
  let received: Buffer = Buffer.alloc(0);
  let waiting:
    { resolve: (result: ShellResult) => void; reject: (e: Error) => void } | undefined;
  let complaint = "";
  let ended = false;

  child.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
  child.on("close", () => {
    ended = true;
    waiting?.reject(new Error(`the oracle's runner ended: ${complaint.trim()}`));
    waiting = undefined;
  });
  child.stdin.on("error", () => undefined);
  child.stdout.on("data", (data: Buffer) => {
    received = received.length === 0 ? data : Buffer.concat([received, data]);
    const answer = takeAnswer(received);
    if (!answer) return;
    received = received.subarray(answer.length);
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(answer.result);
  });

  return {
    root,
    confinement,
    run: (request) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(new Error(`the oracle's runner ended: ${complaint.trim()}`));
          return;
        }
        if (waiting) throw new Error("a runner takes one request at a time");
        waiting = { resolve, reject };
        child.stdin.write(requestBytes(request, library, root, confinement));
      }),
    close: () => {
      child.stdin.end();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function requestBytes(
  request: ShellRequest,
  library: string,
  root: string,
  confinement: Runner["confinement"],
): Buffer {
  const env = [...request.env];
  if (request.sameAnswers) env.push("ORACLE_SAME=1");
  if (confinement === "paths") env.push("ORACLE_BY_PATHS=1");
  const strings = [
    library,
    request.shell,
    root,
    request.cwd,
    request.absentCommands.join(" "),
    request.failure?.key ?? "0",
    String(request.failure?.nth ?? 0),
    String(LIMIT),
    String(request.argv.length),
    ...request.argv,
    String(env.length),
    ...env,
  ];
  const body = Buffer.from(strings.map((text) => `${text}\0`).join(""));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}

function takeAnswer(bytes: Buffer): { result: ShellResult; length: number } | undefined {
  if (bytes.length < 20) return undefined;
  const logLength = bytes.readUInt32LE(0);
  const outputLength = bytes.readUInt32LE(4);
  const errorLength = bytes.readUInt32LE(8);
  const flags = bytes.readUInt32LE(12);
  const outputAt = 20 + logLength;
  const errorsAt = outputAt + outputLength;
  const length = errorsAt + errorLength;
  if (bytes.length < length) return undefined;
  return {
    length,
    result: {
      status: bytes.readUInt32LE(16),
      log: Buffer.from(bytes.subarray(20, outputAt)),
      output: bytes.toString("utf8", outputAt, errorsAt),
      errors: bytes.toString("utf8", errorsAt, length),
      endless: (flags & (FLAG.overflow | FLAG.timeout)) !== 0,
      injected: (flags & FLAG.injected) !== 0,
      lingered: (flags & FLAG.lingered) !== 0,
    },
  };
}
