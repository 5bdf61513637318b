/**
 * The files that a build can copy from, as far as a `.dockerignore` admits them. Where nobody
 * has them at hand, for a Dockerfile on standard input, there is no build context at all.
 */
export interface BuildContext {
  /** Paths from the context's root, with `/` between folders, in the order of the alphabet. */
  readonly files: readonly string[];
  /** A file's text; undefined where there is no such file, or where it holds no text. */
  readonly read: (path: string) => string | undefined;
}

/**
 * Finds the build context of a Dockerfile. Called only where a transform looks at it, because
 * reading a folder takes longer than rewriting a Dockerfile.
 *
 * @param sources the paths that COPY and ADD name, to tell the context from another folder
 */
export type FindBuildContext = (sources: readonly string[]) => BuildContext | undefined;
