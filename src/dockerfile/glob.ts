/**
 * The source of a regular expression for a pattern of names, as Go's filepath.Match and the
 * shell read it: `*` and `?` stand for characters other than a slash. Anything else stands for
 * itself, so that what a reader knows besides (classes, braces, `**`) has to be cut out before.
 */
export function globSource(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
}
