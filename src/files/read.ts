import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { systemReason, type FileProblem } from "./problem.ts";

export interface Content {
  readonly bytes: Buffer;
  /** The bytes decoded; a byte order mark stays in it. */
  readonly text: string;
}

/** Real Dockerfiles stay far below; the limit only keeps a wrong path from filling the memory. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Reads a regular file as UTF-8. Anything else is refused, never replaced or guessed.
 *
 * Synchronous on purpose: rewriting keeps the processor busy anyway, and for files of this
 * size the detour over the thread pool costs seven times as much as the reading.
 */
export function readDockerfile(path: string): Content | FileProblem {
  let descriptor;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile()) return notAFile();
    if (status.size > maxBytes) {
      return {
        kind: "not-text",
        message: `the file is larger than ${maxBytes / 1024 / 1024} MiB, which no Dockerfile is`,
        hint: "Check the path",
      };
    }
    return decode(readFileSync(descriptor));
  } catch (error) {
    return {
      kind: "unreadable",
      message: `the file can't be read: ${systemReason(error)}`,
      hint: "",
    };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export function notAFile(): FileProblem {
  return {
    kind: "unreadable",
    message: "not a regular file but a socket, pipe or device",
    hint: "Use - to read standard input",
  };
}

export function decode(bytes: Buffer): Content | FileProblem {
  const encoding = otherEncoding(bytes);
  if (encoding !== undefined) {
    return {
      kind: "not-text",
      message: `the file is encoded as ${encoding}, and Docker reads UTF-8 only`,
      hint: "Save it as UTF-8",
    };
  }
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    return {
      kind: "not-text",
      message: "this is a binary file: it contains a NUL byte",
      hint: "Check the path",
      ...locationOf(bytes, zero),
    };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { bytes, text };
  } catch {
    return {
      kind: "not-text",
      message: "the file is not valid UTF-8",
      hint: "Save it as UTF-8",
      ...locationOf(bytes, firstInvalidByte(bytes)),
    };
  }
}

/** UTF-16 with or without a byte order mark, or UTF-32 with one. */
function otherEncoding(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 4).toString("latin1");
  if (start === "\xff\xfe\0\0" || start === "\0\0\xfe\xff") return "UTF-32";
  if (start.startsWith("\xff\xfe") || start.startsWith("\xfe\xff")) return "UTF-16";
  // Dockerfiles are mostly ASCII, of which UTF-16 makes every other byte zero.
  const sample = bytes.subarray(0, 64);
  if (sample.length < 4) return undefined;
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const half = Math.floor(sample.length / 2);
  const [even = 0, odd = 0] = zeros;
  return Math.max(even, odd) >= half * 0.9 && Math.min(even, odd) === 0
    ? "UTF-16"
    : undefined;
}

/** Where the first byte sequence begins that is not UTF-8. */
function firstInvalidByte(bytes: Buffer): number {
  // A line feed is never part of a longer sequence, so lines can be looked at one by one.
  let lineStart = 0;
  while (lineStart < bytes.length) {
    const lineFeed = bytes.indexOf(0x0a, lineStart);
    const lineEnd = lineFeed === -1 ? bytes.length : lineFeed + 1;
    const invalid = firstInvalidByteOfLine(bytes.subarray(lineStart, lineEnd));
    if (invalid !== undefined) return lineStart + invalid;
    lineStart = lineEnd;
  }
  return bytes.length;
}

function firstInvalidByteOfLine(line: Buffer): number | undefined {
  const options = { fatal: true, ignoreBOM: true };
  try {
    new TextDecoder("utf-8", options).decode(line);
    return undefined;
  } catch {
    const decoder = new TextDecoder("utf-8", options);
    let sequenceStart = 0;
    for (let index = 0; index < line.length; index += 1) {
      try {
        const character = decoder.decode(line.subarray(index, index + 1), {
          stream: true,
        });
        if (character !== "") sequenceStart = index + 1;
      } catch {
        break;
      }
    }
    return sequenceStart;
  }
}

/** Where a byte stands: 1-based line, and column counted in UTF-16 units. */
function locationOf(bytes: Buffer, offset: number) {
  const before = bytes.subarray(0, offset);
  const lineStart = before.lastIndexOf(0x0a) + 1;
  let line = 1;
  for (const byte of before) if (byte === 0x0a) line += 1;
  const column = before.subarray(lineStart).toString("utf8").length + 1;
  return { line, column, endLine: line, endColumn: column + 1 };
}
