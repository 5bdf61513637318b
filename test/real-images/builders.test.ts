import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cliPath, environment, workspace, type Workspace } from "../cli/workspace.ts";
import { fillRoot } from "./base-image.ts";
import { candidates, type Engine } from "./engines.ts";

const base = "localhost/dockerslim-base:1";

const dockerfile = `FROM ${base}
ENV MODE=fast
RUN echo one > /one
RUN echo two > /two && chmod 750 /two
RUN ln -s one /link && setcap cap_setuid=ep /one
WORKDIR /work
USER 7
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["cat /link; echo $MODE >&2; exit 3"]
`;

const sleeper = (seconds: number) =>
  `FROM ${base}\nRUN echo a > /a\nRUN echo b > /b && sleep ${seconds}\nRUN cat /a\n`;

describe.each(candidates)("verify with $name", ({ mayUse, hasSecrets, start }) => {
  describe.skipIf(!mayUse)("on this machine", () => {
    let engine: Engine;
    const folder = mkdtempSync(join(tmpdir(), "dockerslim-root-"));

    beforeAll(() => {
      engine = start();
      fillRoot(join(folder, "root"));
      engine.importImage(base, join(folder, "root"));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
      engine.remove();
    });

    /** The folder for temporary files is the test's own, so that it shows what is left there. */
    const run = (space: Workspace, command: string, ...words: readonly string[]) => {
      mkdirSync(space.path("tmp"), { recursive: true });
      const builds = command === "verify" ? engine.buildWords : [];
      return space.run([command, ...words, ...engine.words, ...builds], {
        env: { ...engine.env, TMPDIR: space.path("tmp") },
      });
    };

    test("finds dockerslim's own rewrite to be the same, and leaves nothing behind", async () => {
      const earlier = engine.everything();
      const space = workspace({ Dockerfile: dockerfile });
      const { code, stdout, stderr } = await run(space, "verify", "--run-entrypoint");
      expect(stderr).toBe("");
      expect(stdout).toContain("it ended with 3 and printed 4 bytes");
      expect(stdout).toMatch(/^ *4 bytes +5: RUN ln -s one /m);
      expect(stdout).toContain("The images are the same.");
      expect(code).toBe(0);
      expect(engine.everything()).toEqual(earlier);
      expect(readdirSync(space.path("tmp"))).toEqual([]);
    });

    test("names what differs", async () => {
      const earlier = engine.everything();
      const after = dockerfile
        .replace("chmod 750", "chmod 700")
        .replace("fast", "slow")
        .replace("cap_setuid", "cap_setgid");
      const space = workspace({ before: dockerfile, after });
      const words = ["before", "after", "--run", "cat /one; echo $MODE; echo $MODE >&2"];
      const { code, stdout } = await run(space, "verify", ...words);
      expect(stdout).toMatch(/^\/two +has the mode 0700 in place of 0750/m);
      expect(stdout).toMatch(
        /^\/one +has the extended attribute security\.capability 0x[0-9a-f]{40} in place of 0x/m,
      );
      expect(stdout).toMatch(/^Env MODE +was "fast" and is "slow"/m);
      expect(stdout).toMatch(/^standard output +has "slow" in line 2/m);
      expect(stdout).toMatch(/^standard error +has "slow" in line 1/m);
      expect(code).toBe(1);
      expect(engine.everything()).toEqual(earlier);
    });

    const staged = (last: string) =>
      `FROM ${base} AS first\nARG WORD\nCOPY file /file\nRUN echo "$WORD" > /word\n${last}\nFROM first\nRUN false\n`;

    test("passes the context, arguments, secrets and the stage on to both builds", async () => {
      const last = hasSecrets
        ? "RUN --mount=type=secret,id=key cat /run/secrets/key > /key"
        : "RUN echo shown > /key";
      const space = workspace({
        "docker/Dockerfile": staged(`${last}\nRUN chmod 644 /key\nRUN cat /file`),
        file: "text",
        key: "shown",
      });
      const { code, stdout, stderr } = await run(
        space,
        ...(["verify", "docker/Dockerfile", "--context", "."] as const),
        ...["--build-arg", "WORD=yes", "--target", "first"],
        ...(hasSecrets ? ["--secret", `id=key,src=${space.path("key")}`] : []),
        ...["--run", "cat /word /file; read key < /key; echo $key"],
      );
      expect(stderr).toBe("");
      expect(stdout).toContain("it ended with 0 and printed 14 bytes");
      expect(code).toBe(0);
    });

    test.skipIf(hasSecrets)("says so where the builder has no secrets", async () => {
      const space = workspace({ Dockerfile: staged("RUN cat /file"), file: "", key: "" });
      const words = ["--target", "first", "--secret", `id=key,src=${space.path("key")}`];
      const { code, stderr } = await run(space, "verify", ...words);
      expect(stderr).toContain("docker (classic builder): it takes no secrets");
      expect(code).toBe(2);
    });

    test("builds for another platform, and --keep keeps both images", async () => {
      const earlier = engine.names();
      const before = "FROM scratch\nCOPY one /one\nCOPY two /two\n";
      const after = "FROM scratch\nCOPY one two /\n";
      const space = workspace({ before, after, one: "1", two: "2" });
      const { code, stdout } = await run(
        space,
        ...([
          "verify",
          "before",
          "after",
          "--platform",
          "linux/arm64",
          "--keep",
        ] as const),
      );
      expect(stdout).toContain("The images are the same.");
      expect(code).toBe(0);
      const kept = engine.names().filter((name) => !earlier.includes(name));
      onTestFinished(() => {
        engine.call("rmi", ...kept);
      });
      expect(kept).toHaveLength(2);
      for (const name of kept) {
        const history = await run(space, "history", name, "--format", "json");
        expect(JSON.parse(history.stdout)).toMatchObject({
          image: { platform: "linux/arm64" },
        });
      }
    });

    test("names the line at which a build fails, and keeps its log", async () => {
      const earlier = engine.everything();
      const after = dockerfile.replace("echo two > /two", "\\\n  nonsense");
      const space = workspace({ before: dockerfile, after });
      const { code, stdout, stderr } = await run(space, "verify", "before", "after");
      expect(stdout).toBe("");
      expect(stderr).toContain("after:4: error: the build failed at RUN …");
      const log = /log is in (\S+after\.log)/.exec(stderr)?.[1] ?? "";
      expect(readFileSync(log, "utf8")).toContain("nonsense: not found");
      expect(readdirSync(dirname(log)).sort()).toEqual(["after.Dockerfile", "after.log"]);
      expect(code).toBe(2);
      expect(engine.everything()).toEqual(earlier);
    });

    test("ends a build that takes too long", async () => {
      const earlier = engine.everything();
      const space = workspace({ Dockerfile: sleeper(6101) });
      const { code, stderr } = await run(space, "verify", "--timeout", "8");
      expect(stderr).toMatch(
        /^Dockerfile:3: error: the build was ended at the time limit/,
      );
      expect(code).toBe(2);
      expect(await ended("sleep 6101")).toBe(true);
      expect(engine.everything()).toEqual(earlier);
    });

    test("Ctrl-C ends the build and removes what it made", async () => {
      const earlier = engine.everything();
      const space = workspace({ Dockerfile: sleeper(6102), "tmp/keep": "" });
      const child = spawn(
        process.execPath,
        [cliPath, "verify", ...engine.words, ...engine.buildWords],
        {
          cwd: space.root,
          env: environment({ ...engine.env, TMPDIR: space.path("tmp") }),
          stdio: "ignore",
        },
      );
      const end = new Promise((resolve) => child.on("close", resolve));
      while (!isRunning("sleep 6102") && child.exitCode === null) await delay(50);
      child.kill("SIGINT");
      expect(await end).toBe(130);
      expect(await ended("sleep 6102")).toBe(true);
      expect(engine.everything()).toEqual(earlier);
      expect(readdirSync(space.path("tmp"))).toEqual(["keep"]);
    });

    test("--run-timeout ends a container", async () => {
      const earlier = engine.everything();
      const space = workspace({
        Dockerfile: `FROM ${base}\nRUN echo a > /a\nRUN cat /a\n`,
      });
      const words = ["--run", "sleep 6103", "--run-timeout", "2"];
      const { stdout } = await run(space, "verify", ...words);
      expect(stdout).toContain("it was ended at the time limit");
      expect(await ended("sleep 6103")).toBe(true);
      expect(engine.everything()).toEqual(earlier);
    });
  });
});

/** Whether there is a process with this command line. */
function isRunning(command: string): boolean {
  const words = `${command.replaceAll(" ", "\0")}\0`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, "utf8") === words;
      } catch {
        return false;
      }
    });
}

/** An engine may take a moment to end a process. */
async function ended(command: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && isRunning(command); attempt += 1)
    await delay(100);
  return !isRunning(command);
}
