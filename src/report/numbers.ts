import { byteSize } from "../output/wording.ts";

/** `35.2 MB`, `1.25 GB`, which stay in one line. */
export function bytesText(bytes: number): string {
  const gigabytes = bytes / 1e9;
  const isGigabytes = gigabytes >= 1 && gigabytes < 999;
  return unbroken(isGigabytes ? `${gigabytes.toFixed(2)} GB` : byteSize(bytes));
}

/** `-47.1 MB, -32.9 %` with real minus signs; `no change`. */
export function changeText(before: number, after: number): string {
  const change = after - before;
  if (change === 0) return "no change";
  const sign = change < 0 ? "−" : "+";
  const size = `${sign}${bytesText(Math.abs(change))}`;
  if (before === 0) return size;
  return `${size}, ${sign}${shareText(Math.abs(change) / before)}`;
}

/** `12.5 %`; `< 0.1 %` for what is more than nothing. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0005) return unbroken("< 0.1 %");
  return unbroken(`${(100 * share).toFixed(1)} %`);
}

/** A sentence in which no size is broken over two lines. */
export function unbrokenSizes(sentence: string): string {
  return sentence.replace(/(\d) (bytes?|[kMGT]B)\b/g, "$1\u00a0$2");
}

function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

/** `1 file`, `3,509 files`. */
export function filesText(files: number): string {
  return `${countText(files)} ${files === 1 ? "file" : "files"}`;
}

/** `3,509` */
export function countText(amount: number): string {
  return amount.toLocaleString("en");
}
