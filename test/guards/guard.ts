/** Safety guards of the product, each with a change of its source that disables it. */

export interface Guard {
  /** `<part of the product>/<what is guarded against>`. */
  readonly id: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  /** What disables the guard and nothing else. */
  readonly replace: string;
  /** What would happen to somebody's build without it. */
  readonly protects: string;
  /** A test that shows it. */
  readonly test: GuardTest;
}

export interface GuardTest {
  readonly file: string;
  /** The names of its groups and its own, as vitest joins them. */
  readonly name: string;
}

/** A row of a table: file, text, replacement, what it protects from, the test's name. */
type Row = readonly [
  id: string,
  file: string,
  find: string,
  replace: string,
  protects: string,
  test: string,
];

/** Guards of a part of the product that the tests in one file show. */
export function shownBy(testFile: string, part: string, rows: readonly Row[]): Guard[] {
  return rows.map(([id, file, find, replace, protects, name]) => ({
    id: `${part}/${id}`,
    file,
    find,
    replace,
    protects,
    test: { file: testFile, name },
  }));
}

/** Guards that fixtures of a transform show; a row's test is the fixture's name. */
export function shownByFixtures(transform: string, rows: readonly Row[]): Guard[] {
  return shownBy("test/fixtures.test.ts", transform, rows).map((guard) => ({
    ...guard,
    test: { ...guard.test, name: `${transform} > ${guard.test.name}` },
  }));
}

/** @returns the file's text without the guard, or why the guard can't be taken out. */
export function withoutGuard(
  { id, file, find, replace }: Guard,
  source: string,
): { readonly text: string } | string {
  const count = source.split(find).length - 1;
  if (count !== 1)
    return `${id}: ${JSON.stringify(find)} occurs ${count} times in ${file}, not once.`;
  return { text: source.replace(find, () => replace) };
}
