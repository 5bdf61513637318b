import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { commitFiles, createBare, git, type Files } from "../forge/bare-git.ts";
import { serveGit } from "../forge/git-backend.ts";

/** Bare repositories behind git's own server program, on loopback. */
export interface GitServer {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly url: (name: string) => string;
  readonly folder: (name: string) => string;
  /** Paths with queries, in order. */
  readonly requests: string[];
  /** Answers all requests for a repository with a redirect from now on. */
  readonly redirect: (name: string, to: string) => void;
  /** Makes a repository `owner/name` with a commit on main. */
  readonly create: (name: string, files: Files) => Promise<void>;
  readonly commit: (name: string, files: Files) => Promise<void>;
}

export async function gitServer(): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), "dockerslim-git-server-"));
  const requests: string[] = [];
  const redirects = new Map<string, string>();
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://host");
    requests.push(pathname + search);
    const [, owner = "", name = "", ...rest] = pathname.split("/");
    const target = redirects.get(`${owner}/${name}`);
    if (target !== undefined) {
      response.writeHead(301, { location: `${target}/${rest.join("/")}${search}` }).end();
      return;
    }
    const path = `/${rest.join("/")}`;
    void serveGit(request, response, join(root, owner, name), path, search.slice(1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true, force: true });
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = (name: string) => join(root, name);
  const commit = async (name: string, files: Files) => {
    await commitFiles(folder(name), "main", files, "Change");
  };
  return {
    host,
    url: (name) => `http://${host}/${name}`,
    folder,
    requests,
    redirect: (name, to) => redirects.set(name, to),
    async create(name, files) {
      await createBare(folder(name), "main");
      await commit(name, files);
    },
    commit,
  };
}

export { git };
