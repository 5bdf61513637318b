/**
 * dockerfile-ast looks for a byte order mark by means of Node's Buffer. The library bundle
 * gets this in its place, so that it also runs in a browser.
 */
export const Buffer = {
  from: (text: string): Uint8Array => new TextEncoder().encode(text),
};
