/** How the oracle's own examples are written. */

export interface ExamplePair {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export function pair(name: string, before: string, after: string): ExamplePair {
  return { name, before, after };
}

/** A Dockerfile with these RUN instructions. */
export function runs(...scripts: readonly string[]): string {
  return `FROM x\n${scripts.map((script) => `RUN ${script}\n`).join("")}`;
}

/** A Dockerfile whose RUNs are for bash. */
export function bashRuns(...scripts: readonly string[]): string {
  return runs(...scripts).replace("\n", '\nSHELL ["/bin/bash","-c"]\n');
}
