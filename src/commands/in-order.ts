/**
 * Runs `work` on the items, at most `limit` at a time, and yields the results in the
 * order of the items.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for (const item of items) {
    running.push(work(item));
    if (running.length >= limit) {
      const oldest = running.shift();
      if (oldest !== undefined) yield await oldest;
    }
  }
  for (const result of running) yield await result;
}
