/**
 * Why a rewrite's comments aren't those of the original; they may change their places, and
 * some may be added.
 */
export function whyCommentLost(
  original: readonly string[],
  rewritten: readonly string[],
): string | undefined {
  const remaining = counts(rewritten);
  for (const [text, count] of counts(original)) {
    if ((remaining.get(text) ?? 0) < count) return `the comment “${text}” was lost`;
  }
  return undefined;
}

function counts(texts: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1);
  return found;
}
