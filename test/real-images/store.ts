import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const mayBuild = canBuild();

/** Where nothing can be built, a person is told so, and CI fails. */
function canBuild(): boolean {
  const works = spawnSync("buildah", ["version"]).status === 0;
  if (works && process.getuid?.() === 0) return true;
  const word = "buildah is missing, or this isn't root: images can't be built here";
  if (process.env["CI"] !== undefined) throw new Error(word);
  process.stderr.write(`SKIPPED: ${word}\n`);
  return false;
}

export interface Store {
  /** In it, buildah sees this store alone. */
  readonly env: NodeJS.ProcessEnv;
  readonly root: string;
  readonly buildah: (...words: readonly string[]) => string;
  remove(): void;
}

/** Images and containers of one test's own, on any file system. */
export function makeStore(): Store {
  const root = mkdtempSync(join(tmpdir(), "dockerslim-store-"));
  const config = join(root, "storage.conf");
  writeFileSync(
    config,
    `[storage]\ndriver = "vfs"\nrunroot = "${join(root, "run")}"\ngraphroot = "${join(root, "graph")}"\n`,
  );
  const env = {
    ...process.env,
    CONTAINERS_STORAGE_CONF: config,
    // The usual one needs cgroups and mounts that a container in CI hasn't got.
    BUILDAH_ISOLATION: "chroot",
  };
  return {
    env,
    root,
    buildah: (...words) =>
      execFileSync("buildah", words, { env, encoding: "utf8", stdio: "pipe" }).trim(),
    remove() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
