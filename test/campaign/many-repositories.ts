import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { fix } from "../../src/index.ts";
import { git, type Files } from "../forge/bare-git.ts";
import type { TestRepository } from "../forge/repositories.ts";
import type { TestForge } from "../forge/test-forge.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");

/** Dockerfiles of all kinds, without those that aren't read as UTF-8. */
const texts: readonly string[] = ["merge-runs", "clean-package-cache", "no-cache-flags"]
  .flatMap((transform) =>
    readdirSync(join(fixtures, transform)).map((name) =>
      readFileSync(join(fixtures, transform, name, "before.Dockerfile"), "utf8"),
    ),
  )
  .filter((text) => !text.includes("\uFFFD") && !text.includes("dockerslim-ignore"));

interface Made {
  readonly repository: TestRepository;
  readonly files: Readonly<
    Record<string, { readonly text: string; readonly mode: string }>
  >;
}

/** Repositories with up to three Dockerfiles each, some executable, in several folders. */
export async function manyRepositories(
  forge: TestForge,
  amount: number,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (let index = 0; index < amount; index += 1) {
    const text = (offset: number) => texts[(7 * index + offset) % texts.length] ?? "";
    const mode = index % 5 === 0 ? "100755" : "100644";
    const files = {
      Dockerfile: { text: text(0), mode },
      ...(index % 3 === 0 && { "services/web/Dockerfile": { text: text(1), mode } }),
      ...(index % 7 === 0 && {
        "build/ci.Dockerfile": { text: text(2), mode: "100644" },
      }),
    };
    const others: Files = {
      "README.md": `Application ${index}\n`,
      "src/main.sh": { text: "#!/bin/sh\n", mode: "100755" },
    };
    const repository = await forge.addRepository(`acme/app-${index}`, {
      files: { ...files, ...others },
    });
    made.push({ repository, files });
  }
  return made;
}

/** What `fix` makes of the file; undefined where it stays. */
function expected(text: string): string | undefined {
  const { output } = fix(text);
  return output === text ? undefined : output;
}

/**
 * That a repository has exactly one request if anything was to change, and none else; and
 * that its branch differs in its Dockerfiles alone, which are what `fix` makes of them.
 */
export async function expectOneRequest(
  { repository, files }: Made,
  branch: string,
): Promise<boolean> {
  const changed = Object.entries(files).flatMap(([path, { text, mode }]) => {
    const output = expected(text);
    return output === undefined ? [] : [{ path, output, mode }];
  });
  expect(repository.requests.length, repository.name).toBe(changed.length > 0 ? 1 : 0);
  if (changed.length === 0) return false;
  const { folder, defaultBranch } = repository;
  const before = (await git(folder, "rev-list", "--max-parents=0", defaultBranch)).trim();
  const difference = await git(folder, "diff-tree", "-r", "--no-renames", before, branch);
  const lines = difference.trim().split("\n");
  expect(lines.map((line) => line.slice(line.indexOf("\t") + 1)).sort()).toEqual(
    changed.map(({ path }) => path).sort(),
  );
  for (const { path, output, mode } of changed) {
    const line = lines.find((each) => each.endsWith(`\t${path}`)) ?? "";
    expect(line).toContain(`:${mode} ${mode} `);
    expect(await git(folder, "cat-file", "blob", `${branch}:${path}`)).toBe(output);
  }
  return true;
}
