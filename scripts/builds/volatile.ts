/**
 * Files that differ between two builds of one and the same Dockerfile. Paths without a
 * slash in front.
 */
const volatile: readonly (readonly [path: RegExp, why: string])[] = [
  [/^etc\/(hosts|hostname|resolv\.conf)$/, "the runtime provides them for each RUN"],
  [/^var\/log\//, "holds times, and one entry for each call of the package manager"],
  [/^var\/cache\/ldconfig\/aux-cache$/, "holds inode numbers and times"],
  [/\.pyc$/, "holds the time of its source"],
  [/(^|\/)\.cache\/go-build\/trim\.txt$/, "holds the time of the last trimming"],
  [/(^|\/)\.cpanm\/(work\/|build\.log$|latest-build$)/, "named by time and process"],
  [/(^|\/)perllocal\.pod$/, "holds the time of each installation"],
  [/(^|\/)\.npm\/_logs(\/|$)/, "one file for each call of npm, named by the time"],
];

export function isVolatile(path: string): boolean {
  return volatile.some(([pattern]) => pattern.test(path));
}

/** Markdown list of the paths and why they differ. */
export function volatileList(): string {
  return volatile.map(([path, why]) => `- \`${path.source}\`: ${why}`).join("\n");
}
