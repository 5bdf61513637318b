import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import process from "node:process";
import colors from "picocolors";
import { parseGuest, readGuests, writeGuests } from "./guests.js";

const file = process.env.RSVP_FILE ?? "guests.json";
const root = new URL("..", import.meta.url);
const version = (await readFile(new URL("dist/version.txt", root), "utf8")).trim();
const page = await readFile(new URL("public/index.html.gz", root));
const guests = await readGuests(file);

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 4096) throw new SyntaxError("body too long");
  }
  return JSON.parse(text);
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method ?? ""} ${request.url ?? ""}`) {
    case "GET /":
      response.writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Encoding": "gzip",
      });
      response.end(page);
      return;
    case "GET /healthz":
      answer(response, 200, { status: "ok", version });
      return;
    case "GET /guests":
      answer(response, 200, guests);
      return;
    case "POST /guests": {
      const guest = parseGuest(await readBody(request));
      if (guest === undefined) {
        answer(response, 400, { error: "want a name and 0 to 10 people" });
        return;
      }
      guests.push(guest);
      await writeGuests(file, guests);
      answer(response, 201, guest);
      return;
    }
    default:
      answer(response, 404, { error: "no such page" });
  }
}

const server = createServer((request, response) => {
  route(request, response).catch((error: unknown) => {
    if (error instanceof SyntaxError) {
      answer(response, 400, { error: error.message });
      return;
    }
    process.stderr.write(`${colors.red(String(error))}\n`);
    answer(response, 500, { error: "something went wrong" });
  });
});

const port = Number(process.env.PORT ?? "3000");
server.listen(port, () => {
  process.stdout.write(`${colors.bold("rsvp")} ${version} on port ${port}\n`);
});
process.on("SIGTERM", () => {
  server.close();
});
