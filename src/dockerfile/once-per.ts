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
