import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { cliPath, environment, workspace } from "../cli/workspace.ts";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s while an image is exported leaves nothing behind",
  async (signal, code) => {
    // A builder that takes for ever, and notes that it was told to end.
    const space = workspace({
      "bin/buildah": `#!/bin/sh
case "$1" in
push)
  trap 'echo > ended; exit 1' TERM
  echo part > "\${4#oci-archive:}"
  echo > started
  while :; do sleep 0.05; done ;;
esac
`,
      "tmp/keep": "",
    });
    chmodSync(space.path("bin/buildah"), 0o755);
    const words = [cliPath, "history", "image", "--builder", space.path("bin/buildah")];
    const child = spawn(process.execPath, words, {
      cwd: space.root,
      env: environment({ TMPDIR: space.path("tmp") }),
      stdio: "ignore",
    });
    const end = once(child, "exit");
    while (!existsSync(space.path("started")) && child.exitCode === null) await delay(5);
    expect(space.names("tmp")).toHaveLength(2);
    child.kill(signal);
    expect(await end).toEqual([code, null]);
    expect(space.names("tmp")).toEqual(["keep"]);
    for (let wait = 0; wait < 400 && !existsSync(space.path("ended")); wait += 1) {
      await delay(10);
    }
    expect(existsSync(space.path("ended"))).toBe(true);
  },
);
