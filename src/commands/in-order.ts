/** Work that has begun. */
export interface Started<Result> {
  readonly result: Promise<Result>;
  /** How much of the limit it takes up until its result has been handed on. */
  readonly weight: number;
}

/**
 * Starts work on the items and yields the results in the order of the items. New work is
 * started as long as neither limit is reached.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  limits: { readonly count: number; readonly weight: number },
  start: (item: Item) => Started<Result>,
): AsyncGenerator<Result> {
  const running: Started<Result>[] = [];
  let weight = 0;
  for (const item of items) {
    const started = start(item);
    running.push(started);
    weight += started.weight;
    while (running.length >= limits.count || weight >= limits.weight) {
      const oldest = running.shift();
      if (oldest === undefined) break;
      yield await oldest.result;
      weight -= oldest.weight;
    }
  }
  for (const { result } of running) yield await result;
}
