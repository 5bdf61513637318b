import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commitFiles, createBare } from "../../test/forge/bare-git.ts";
import { runTimed } from "./programs.ts";
import type { Time } from "./timing.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const yardstick = fileURLToPath(new URL("./git-alone.sh", import.meta.url));
const server = fileURLToPath(new URL("./serve-git.ts", import.meta.url));

/** Repositories that are worked on at once, by both. */
const jobs = 8;

/** Repositories behind a server, to be planned. */
export interface PlanBench {
  /** `batch plan` with nothing in its cache and store. */
  readonly plan: () => Time;
  /** The git commands alone. */
  readonly gitAlone: () => Time;
  /** Bytes that went to and from the server until now. */
  readonly traffic: () => number;
  readonly stop: () => void;
}

export async function startPlanBench(
  folder: string,
  repositories: number,
): Promise<PlanBench> {
  const names = Array.from({ length: repositories }, (_, index) => `app${index}.git`);
  for (const [index, name] of names.entries()) {
    await createBare(join(folder, "git", name), "main");
    await commitFiles(join(folder, "git", name), "main", filesOf(index), "Begin");
  }
  const { child, port } = await startServer(join(folder, "git"));
  const list = join(folder, "list");
  const lines = names.map((name) => `http://127.0.0.1:${port}/acme/${name}`);
  writeFileSync(list, `${lines.join("\n")}\n`);
  const fresh = () => {
    const work = join(folder, "work");
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    return work;
  };
  return {
    plan() {
      const work = fresh();
      const options = ["--cache", join(work, "cache"), "--store", join(work, "store")];
      const words = ["batch", "plan", "--from", list, "--jobs", String(jobs), ...options];
      return runTimed(process.execPath, [cli, ...words], [0]);
    },
    gitAlone: () => runTimed("bash", [yardstick, list, fresh(), String(jobs)], [0]),
    traffic() {
      const script = `fetch("http://127.0.0.1:${port}/traffic").then(async (r) => console.log(await r.text()))`;
      return Number(
        spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout,
      );
    },
    stop: () => {
      child.kill();
    },
  };
}

/** Some Dockerfiles, all different, among other files. */
function filesOf(index: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let number = 0; number < 200; number += 1) {
    files[`src/part${number % 10}/file${number}.txt`] = `${index} ${number}\n`.repeat(50);
  }
  for (const path of ["Dockerfile", "services/api/Dockerfile", "ci/Dockerfile.test"]) {
    files[path] = [
      "FROM debian:12",
      `ENV APP=${index}`,
      "RUN apt-get update",
      `RUN apt-get install -y curl tool${index}`,
      `COPY . /srv/${path}`,
      "RUN make && make install",
      'CMD ["/srv/run"]',
      "",
    ].join("\n");
  }
  return files;
}

async function startServer(root: string): Promise<{ child: ChildProcess; port: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", server, root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => {
      resolve(data.toString().trim());
    });
    child.once("exit", () => {
      reject(new Error("the server ended"));
    });
  });
  return { child, port };
}
