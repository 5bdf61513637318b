import { createdByLine } from "../images/history/created-by.ts";
import type { VerifiedLayer, VerifyReport } from "../verify/report.ts";
import type { Difference } from "../verify/types.ts";
import { byteSize, count } from "./wording.ts";

/** `12.3 s` */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `96.1 MB (-47.1 MB, -33 %)` */
export function sizeAfter({ before, after }: VerifyReport): string {
  const change = after.bytes - before.bytes;
  if (change === 0) return `${byteSize(after.bytes)} (no change)`;
  const sign = change < 0 ? "-" : "+";
  const share =
    before.bytes === 0
      ? ""
      : `, ${sign}${((100 * Math.abs(change)) / before.bytes).toFixed(1)} %`;
  return `${byteSize(after.bytes)} (${sign}${byteSize(Math.abs(change))}${share})`;
}

/** `is missing (3 files, 1.2 MB)` */
export function differenceText({ message, files, bytes, kind }: Difference): string {
  if (kind !== "file" || (files === 1 && bytes === 0)) return message;
  const size = byteSize(bytes);
  if (files > 1) return `${message} (${count(files, "file")}, ${size})`;
  return message.includes("bytes") ? message : `${message} (${size})`;
}

/** One row of the layers side by side; undefined where a side has no layer there. */
export interface LayerPair {
  readonly before: VerifiedLayer | undefined;
  readonly after: VerifiedLayer | undefined;
}

/** The base image's layers, which both have, stand in the same rows. */
export function layerPairs({ before, after }: VerifyReport): LayerPair[] {
  const rows = Math.max(before.layers.length, after.layers.length);
  return Array.from({ length: rows }, (_, index) => ({
    before: before.layers[index],
    after: after.layers[index],
  }));
}

export function layerName(layer: VerifiedLayer | undefined): string {
  if (layer === undefined) return "";
  const line = createdByLine(layer.createdBy) || "(not in the image's history)";
  return layer.line === undefined ? line : `${layer.line}: ${line}`;
}

export function verdict({ isSame, isSplit, differences }: VerifyReport): string {
  const wrong = differences.filter(({ judgement }) => judgement === "differs").length;
  const allowed = differences.length - wrong;
  const also = allowed === 0 ? "" : `; ${count(allowed, "difference")} allowed`;
  const subject = isSplit ? "The configuration and what the build makes" : "The images";
  return isSame
    ? `${subject} are the same${also}`
    : `${subject} are not the same: ${count(wrong, "difference")}${also}`;
}

export function runText({ before, after }: VerifyReport): string | undefined {
  if (before.run === undefined || after.run === undefined) return undefined;
  const { code, stdout } = before.run;
  const ending =
    code === undefined ? "was ended at the time limit" : `ended with ${code}`;
  return `before, it ${ending} and printed ${byteSize(stdout.bytes)}`;
}

/** Differences that are allowed for one reason, at one place. */
export interface AllowedGroup {
  /** The file, or the folder that they are all in. */
  readonly place: string;
  readonly reason: string;
  readonly text: string;
}

/** What people need to see of the differences that are allowed. */
export function allowedGroups({ differences }: VerifyReport): AllowedGroup[] {
  const groups = new Map<string, Difference[]>();
  for (const one of differences.filter(({ judgement }) => judgement === "allowed")) {
    const members = groups.get(one.reason) ?? [];
    groups.set(one.reason, members);
    members.push(one);
  }
  return [...groups].map(([reason, members]) => {
    const [first, ...others] = members;
    if (first !== undefined && others.length === 0) {
      return { place: first.subject, reason, text: differenceText(first) };
    }
    if (members.every(({ kind }) => kind === "configuration")) {
      const subjects = members.map(({ subject }) => subject).join(", ");
      return { place: "configuration", reason, text: subjects };
    }
    const sum = (count: (one: Difference) => number) =>
      members.reduce((total, one) => total + count(one), 0);
    const missing = members.filter(({ message }) => message === "is missing").length;
    const texts = [
      ...(missing === 0 ? [] : [`${missing} missing`]),
      ...(missing === members.length ? [] : [`${members.length - missing} others`]),
    ];
    const size = byteSize(sum(({ bytes }) => bytes));
    return {
      place: commonFolder(members.map(({ subject }) => subject)),
      reason,
      text: `${texts.join(", ")} (${count(
        sum(({ files }) => files),
        "file",
      )}, ${size})`,
    };
  });
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split("/").slice(0, -1));
  let length = first.length;
  for (const other of others) {
    while (first.slice(0, length).some((name, index) => name !== other[index]))
      length -= 1;
  }
  return `${first.slice(0, length).join("/")}/`;
}
