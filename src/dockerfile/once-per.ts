/**
 * Makes a function that works its result out once per object and keeps it as long as the
 * object lives. What is true of a whole file is asked for each of its thousands of
 * instructions.
 */
export function oncePer<Key extends object, Value>(
  compute: (key: Key) => Value,
): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let entry = known.get(key);
    if (!entry) known.set(key, (entry = { value: compute(key) }));
    return entry.value;
  };
}

/**
 * The same for texts, which come up again in many files. It forgets them all when there are
 * more than `limit`, which bounds the memory.
 */
export function oncePerText<Value>(
  limit: number,
  compute: (text: string) => Value,
): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    let entry = known.get(text);
    if (!entry) {
      if (known.size >= limit) known.clear();
      known.set(text, (entry = { value: compute(text) }));
    }
    return entry.value;
  };
}
