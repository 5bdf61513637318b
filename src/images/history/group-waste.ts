import type { Waste } from "../tree/types.ts";

/** A folder is named in place of what is in it if more things than this in it are wasted. */
const namedApart = 4;

interface Place {
  bytes: number;
  files: number;
  readonly inside: Map<string, Place>;
  /** Waste was recorded for this very path. */
  recorded: boolean;
}

/**
 * Puts together what one layer wrote and another removed in the same folder, so that
 * thousands of files become a few lines.
 */
export function groupWaste(waste: readonly Waste[]): Waste[] {
  const sets = new Map<string, Waste[]>();
  for (const record of waste) {
    const key = `${record.writtenIn} ${record.removedIn} ${record.kind}`;
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [record]);
    else set.push(record);
  }
  return [...sets.values()].flatMap((set) => {
    const root: Place = { bytes: 0, files: 0, inside: new Map(), recorded: false };
    for (const record of set) add(root, record);
    const [first] = set;
    if (first === undefined) return [];
    const { writtenIn, removedIn, kind } = first;
    return placesIn(root).map(({ path, bytes, files }) => ({
      path,
      bytes,
      files,
      writtenIn,
      removedIn,
      kind,
    }));
  });
}

function add(root: Place, { path, bytes, files }: Waste): void {
  let place = root;
  for (const name of path.split("/").slice(1)) {
    let next = place.inside.get(name);
    if (next === undefined) {
      next = { bytes: 0, files: 0, inside: new Map(), recorded: false };
      place.inside.set(name, next);
    }
    place = next;
    place.bytes += bytes;
    place.files += files;
  }
  place.recorded = true;
}

function placesIn(root: Place) {
  const found: { path: string; bytes: number; files: number }[] = [];
  const pending = [...root.inside].map(([name, place]) => ({ path: `/${name}`, place }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, place } = next;
    if (place.recorded || place.inside.size > namedApart) {
      found.push({ path, bytes: place.bytes, files: place.files });
      continue;
    }
    for (const [name, inner] of place.inside) {
      pending.push({ path: `${path}/${name}`, place: inner });
    }
  }
  return found;
}
