import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface PostgresServer {
  /** postgres://…/postgres; a store of its own for each `?schema=<name>`. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** Debian's folder of the newest version, or undefined where the server isn't installed. */
function programs(): string | undefined {
  const root = "/usr/lib/postgresql";
  const newest = existsSync(root)
    ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0]
    : undefined;
  return newest === undefined ? undefined : join(root, newest, "bin");
}

/** Why tests with PostgreSQL are left out, or false; where CI is set, it has to be there. */
export const withoutPostgres: string | false =
  programs() === undefined && process.env["CI"] === undefined
    ? "PostgreSQL isn't installed"
    : false;

/**
 * Starts a server of its own on a free port, as an unprivileged user since it doesn't run as
 * root, and waits until it takes connections.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = programs();
  if (bin === undefined)
    throw new Error("PostgreSQL isn't installed: apt-get install postgresql");
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-postgres-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const run = { ...user, cwd: folder, env: { PATH: bin, LC_ALL: "C", TZ: "UTC" } };
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "owner", "--auth=trust", "--encoding=UTF8", "--no-sync"],
    { ...run, stdio: "ignore" },
  );
  const port = await freePort();
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    max_connections: "200",
  };
  const server = spawn(
    join(bin, "postgres"),
    [
      "-D",
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    { ...run, stdio: "ignore" },
  );
  const stop = async () => {
    await ended(server, "SIGINT");
    rmSync(folder, { recursive: true, force: true });
  };
  const ready = [
    "-h",
    "127.0.0.1",
    "-p",
    String(port),
    "-U",
    "owner",
    "-d",
    "postgres",
    "-q",
  ];
  for (let attempt = 0; !succeeds(join(bin, "pg_isready"), ready); attempt += 1) {
    if (attempt === 300 || server.exitCode !== null) {
      await stop();
      throw new Error("PostgreSQL doesn't start");
    }
    await sleep(100);
  }
  return { address: `postgres://owner@127.0.0.1:${port}/postgres`, stop };
}

function succeeds(program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill(signal);
  });
}
