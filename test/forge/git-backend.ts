import { execFileSync, spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";

const backend = join(
  execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(),
  "git-http-backend",
);

/**
 * Answers a request of git by git's own CGI program.
 *
 * @param rest What follows the repository in the path: `/info/refs`, `/git-upload-pack`, …
 */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  rest: string,
  query: string,
): Promise<void> {
  const header = (name: string) => String(request.headers[name] ?? "");
  const child = spawn(backend, [], {
    env: {
      PATH: process.env["PATH"] ?? "",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROJECT_ROOT: dirname(folder),
      PATH_INFO: `/${basename(folder)}${rest}`,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_USER: "somebody",
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  // A backend that has seen enough closes its input; that is no error.
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    let begun = false;
    child.stdout.on("data", (chunk: Buffer) => {
      if (begun) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      begun = true;
      let status = 200;
      const headers: Record<string, string> = {};
      for (const line of head.subarray(0, end).toString("latin1").split("\r\n")) {
        const colon = line.indexOf(":");
        const name = line.slice(0, colon).toLowerCase();
        const value = line.slice(colon + 1).trim();
        if (name === "status") status = Number.parseInt(value, 10);
        else headers[name] = value;
      }
      response.writeHead(status, headers);
      response.write(head.subarray(end + 4));
    });
    const end = () => {
      if (!begun) response.writeHead(500);
      response.end();
      resolve();
    };
    child.on("error", end);
    child.on("close", end);
    response.on("close", () => child.kill());
  });
}
