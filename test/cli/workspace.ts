import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

/** The built command; another build can be put to the test by its path. */
export const cliPath = resolve(process.env["DOCKERSLIM_CLI"] ?? "dist/cli.js");

/** Two RUN instructions that become one. */
export const improvable = "FROM alpine:3.20\nRUN echo one\nRUN echo two\n";
export const improved = "FROM alpine:3.20\nRUN echo one \\\n    && echo two\n";
export const fine = "FROM alpine:3.20\nRUN echo one\n";

interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  /** Relative to the workspace. */
  readonly cwd?: string;
  /** Run as a user whom file modes bind, also where the tests run as root. */
  readonly unprivileged?: boolean;
}

export interface Workspace {
  readonly root: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Buffer) => void;
  readonly read: (name: string) => string;
  /** All file names in a folder, hidden ones included. */
  readonly names: (folder?: string) => string[];
  readonly run: (
    commandArguments: readonly string[],
    options?: RunOptions,
  ) => Promise<Result>;
  /** Starts the command for tests that interrupt it. */
  readonly start: (
    commandArguments: readonly string[],
    stdio?: "ignore" | "pipe",
  ) => ChildProcess;
  readonly git: (...commandArguments: readonly string[]) => string;
  /** Makes the folder a repository with everything in it committed. */
  readonly commitAll: () => void;
}

/** A folder of its own for one test, gone when the test is over. */
export function workspace(
  files: Readonly<Record<string, string | Buffer>> = {},
): Workspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "dockerslim-test-")));
  chmodSync(root, 0o777);
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const path = (name: string) => join(root, name);
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  };
  const git = (...commandArguments: readonly string[]) =>
    execFileSync("git", ["-C", root, ...commandArguments], {
      env: environment(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  for (const [name, content] of Object.entries(files)) write(name, content);
  return {
    root,
    path,
    write,
    read: (name) => readFileSync(path(name), "utf8"),
    names: (folder = ".") => readdirSync(path(folder)).sort(),
    run: (commandArguments, options = {}) => run(root, commandArguments, options),
    start: (commandArguments, stdio = "ignore") =>
      spawn(process.execPath, [cliPath, ...commandArguments], {
        cwd: root,
        env: environment(),
        stdio,
      }),
    git,
    commitAll() {
      git("init", "--quiet");
      git("add", "--all");
      git("commit", "--quiet", "--message", "all");
    },
  };
}

/** No colour settings and no git configuration of the person who runs the tests. */
export function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(GIT_|NO_COLOR$|FORCE_COLOR$|CI$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Test",
    GIT_AUTHOR_EMAIL: "test@example.org",
    GIT_COMMITTER_NAME: "Test",
    GIT_COMMITTER_EMAIL: "test@example.org",
    ...extra,
  };
}

function run(
  root: string,
  commandArguments: readonly string[],
  { input = "", env = {}, cwd = ".", unprivileged = false }: RunOptions,
): Promise<Result> {
  const isRoot = process.getuid?.() === 0;
  const command = [
    ...(unprivileged && isRoot
      ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
      : []),
    process.execPath,
    cliPath,
    ...commandArguments,
  ];
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, { cwd: join(root, cwd), env: environment(env) });
  // A command that fails early doesn't read its input.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolvePromise, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolvePromise({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
  });
}
