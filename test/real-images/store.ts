import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mayUse } from "./required.ts";

export const mayBuild = mayUse("buildah", () => {
  const works = spawnSync("buildah", ["version"]).status === 0;
  if (works && process.getuid?.() === 0) return undefined;
  return "it is missing, or this isn't root";
});

export interface Store {
  /** In it, buildah and podman see this store alone. */
  readonly env: NodeJS.ProcessEnv;
  readonly root: string;
  readonly buildah: (...words: readonly string[]) => string;
  readonly remove: () => void;
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
    // Both fail where docker's folder has no configuration in it.
    DOCKER_CONFIG: undefined,
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
