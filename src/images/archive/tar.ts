import { once, type EventEmitter } from "node:events";
import { extract } from "tar-stream";
import { ImageError } from "../problem.ts";

/** An entry's header; its own types leave out what tar-stream returns for odd archives. */
export interface Headers {
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Null where tar-stream doesn't know it. */
  readonly type: string | null;
  readonly linkname: string | null;
  readonly devmajor: number;
  readonly devminor: number;
  /** Records of a PAX header. */
  readonly pax: Readonly<Record<string, string>> | null;
}

/** The content of an entry. */
export interface Body extends AsyncIterable<Uint8Array> {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  resume(): unknown;
}

type Visit = (header: Headers, body: Body, next: (error?: unknown) => void) => void;

/**
 * Reads a tar archive. `visit` gets every entry in turn: it has to read the body to its end
 * (or `resume()` it) and to call `next` afterwards, with an error to stop.
 *
 * @param name What is read, for messages.
 * @throws ImageError where the archive is damaged or cut short.
 */
export async function readTar(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  visit: Visit,
): Promise<void> {
  // Archives without "ustar" in the header are old, but their checksum shows that they are tar.
  const parser = extract({ allowUnknownFormat: true } as object);
  let ownFailure: Error | undefined;
  const stop = (error: unknown) => {
    ownFailure ??= error instanceof Error ? error : new Error(String(error));
    parser.destroy(ownFailure);
  };
  parser.on("entry", (header, body, next) => {
    // An error of the parser also destroys the body at hand; it is reported below.
    body.on("error", () => undefined);
    visit(header as unknown as Headers, body as unknown as Body, (error) => {
      if (error === undefined) next();
      else stop(error);
    });
  });
  const closed = new Promise<Error | undefined>((resolve) => {
    let failure: Error | undefined;
    parser.on("error", (error) => {
      failure = error;
    });
    parser.on("close", () => {
      resolve(failure);
    });
  });
  try {
    for await (const chunk of bytes) {
      if (parser.destroyed) break;
      // The parser takes plain bytes for Buffers, which is all that it is given.
      if (!parser.write(chunk)) await drained(parser, closed);
    }
    parser.end(undefined);
  } catch (error) {
    stop(error);
  }
  const failure = ownFailure ?? (await closed);
  if (failure === undefined) return;
  if (failure === ownFailure) throw failure;
  throw new ImageError(
    `${name} can't be read as a tar archive: ${reasonOf(failure)}`,
    "It is damaged or cut short; export or download it again",
  );
}

/** Resolves when the parser wants more, or has ended. */
function drained(parser: unknown, closed: Promise<unknown>): Promise<unknown> {
  // streamx isn't made of Node's streams, but emits its events in the same way.
  return Promise.race([once(parser as EventEmitter, "drain"), closed]);
}

function reasonOf({ message }: Error): string {
  if (message.includes("Unexpected end")) return "it ends in the middle of an entry";
  if (message.includes("Invalid tar header")) return "a header's checksum is wrong";
  return message;
}
