/**
 * Serves the bare repositories below a folder by git's own server program, on loopback.
 * Prints its port; `/traffic` answers how many bytes all other connections have taken.
 */
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { serveGit } from "../../test/forge/git-backend.ts";

const [root = ""] = process.argv.slice(2);
const open = new Set<Socket>();
let closed = 0;

const server = createServer((request, response) => {
  const { pathname, search } = new URL(request.url ?? "/", "http://host");
  if (pathname === "/traffic") {
    open.delete(request.socket);
    const bytes = [...open].reduce((sum, socket) => sum + bytesOf(socket), closed);
    response.end(String(bytes));
    return;
  }
  const [, , name = "", ...rest] = pathname.split("/");
  void serveGit(
    request,
    response,
    join(root, name),
    `/${rest.join("/")}`,
    search.slice(1),
  );
});
server.on("connection", (socket) => {
  open.add(socket);
  socket.on("close", () => {
    if (open.delete(socket)) closed += bytesOf(socket);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});

function bytesOf(socket: Socket): number {
  return socket.bytesRead + socket.bytesWritten;
}
