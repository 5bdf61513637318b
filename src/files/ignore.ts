import { relative, sep } from "node:path";

export type IgnoreMatcher = (absolutePath: string) => boolean;

/**
 * Matches paths against globs, which are read as lines of a .gitignore in `folder`: one
 * without a slash counts at any depth, and a folder's name covers what is in it.
 */
export async function ignoreMatcher(
  folder: string,
  globs: readonly string[],
): Promise<IgnoreMatcher> {
  if (globs.length === 0) return () => false;
  const { default: ignore } = await import("ignore");
  const rules = ignore().add(globs.map((glob) => glob.replace(/^\.\//, "")));
  return (absolutePath) => {
    // A path outside the folder is matched by what follows the dots.
    const path = relative(folder, absolutePath)
      .split(sep)
      .join("/")
      .replace(/^(\.\.\/)+/, "");
    return path !== "" && path !== ".." && rules.ignores(path);
  };
}
