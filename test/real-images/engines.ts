import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine } from "../../src/images/builders/run-program.ts";
import { mayUse } from "./required.ts";
import { makeStore, mayBuild, type Store } from "./store.ts";

/** A builder with images for tests. */
export interface Engine {
  /** Options that have dockerslim use it. */
  readonly words: readonly string[];
  /** Further ones for builds. */
  readonly buildWords: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Calls the program itself. */
  readonly call: (...words: readonly string[]) => string;
  /** Makes an image of a folder's files, with `/bin` as its PATH. */
  importImage(name: string, folder: string): void;
  /** Names and tags of images. */
  names(): string[];
  /** Ids of all images and containers. */
  everything(): string[];
  readonly remove: () => void;
}

export interface Candidate {
  readonly name: string;
  readonly mayUse: boolean;
  /** Whether it gets secrets into a build. */
  readonly hasSecrets: boolean;
  /** Called only where it may be used. */
  readonly start: () => Engine;
}

const buildKit = { ...process.env, DOCKER_BUILDKIT: "1" };
const classic = { ...process.env, DOCKER_BUILDKIT: "0" };

export const candidates: readonly Candidate[] = [
  {
    name: "docker (BuildKit)",
    mayUse: mayUse(
      "docker",
      () =>
        failure("docker", ["version"], buildKit) ??
        failure("docker", ["buildx", "version"], buildKit),
    ),
    hasSecrets: true,
    start: () => dockerEngine(buildKit),
  },
  {
    name: "docker (classic builder)",
    // Engines are about to lose it.
    mayUse: mayUse(
      "docker-classic",
      () =>
        failure(
          "docker",
          ["build", "--tag", "dockerslim-probe", "-"],
          classic,
          "FROM scratch\nLABEL a=b\n",
        ) ?? failure("docker", ["rmi", "dockerslim-probe"], classic),
    ),
    hasSecrets: false,
    start: () => dockerEngine(classic),
  },
  {
    name: "podman",
    mayUse: mayUse("podman", () =>
      process.getuid?.() === 0
        ? failure("podman", ["version"], process.env)
        : "this isn't root",
    ),
    hasSecrets: true,
    start: () => podmanEngine(makeStore()),
  },
  {
    name: "buildah",
    mayUse: mayBuild,
    hasSecrets: true,
    start: () => buildahEngine(makeStore()),
  },
];

function failure(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input = "",
): string | undefined {
  const { status, stderr, error } = spawnSync(program, words, {
    env,
    input,
    encoding: "utf8",
  });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : lastLine(stderr);
}

function caller(program: string, env: NodeJS.ProcessEnv): Engine["call"] {
  return (...words) =>
    execFileSync(program, words, { env, encoding: "utf8", stdio: "pipe" }).trim();
}

function dockerEngine(env: NodeJS.ProcessEnv): Engine {
  const call = caller("docker", env);
  const imported: string[] = [];
  return {
    words: ["--builder", "docker"],
    // An engine without a bridge can build with no other network.
    buildWords: ["--builder-arg=--network=none"],
    env,
    call,
    importImage(name, folder) {
      importArchive(call, name, folder);
      imported.push(name);
    },
    names: () => lines(call("images", "--format", "{{.Repository}}:{{.Tag}}")),
    everything: () => [
      ...lines(call("ps", "--all", "--quiet")),
      ...lines(call("images", "--all", "--quiet")),
    ],
    remove() {
      if (imported.length > 0) call("rmi", ...imported);
    },
  };
}

function podmanEngine({ env: storeEnv, root, remove }: Store): Engine {
  const config = join(root, "containers.conf");
  const limit = (name: string) => `${name}=1024:1024`;
  // Without a network of its own, and with limits that need no right to be raised; Debian's
  // crun doesn't start containers where both versions of cgroups are mounted.
  writeFileSync(
    config,
    `[containers]\nnetns = "none"\ndefault_ulimits = ["${limit("nofile")}", "${limit("nproc")}"]\n` +
      (failure("runc", ["--version"], process.env) === undefined
        ? `[engine]\nruntime = "runc"\n`
        : ""),
  );
  const env = { ...storeEnv, CONTAINERS_CONF: config };
  const call = caller("podman", env);
  return {
    words: ["--builder", "podman"],
    buildWords: [],
    env,
    call,
    importImage: (name, folder) => {
      importArchive(call, name, folder);
    },
    names: () => lines(call("images", "--format", "{{.Repository}}:{{.Tag}}")),
    everything: () => [
      ...lines(call("ps", "--all", "--external", "--quiet")),
      ...lines(call("images", "--all", "--quiet")),
    ],
    remove,
  };
}

function buildahEngine({ env, buildah: call, remove }: Store): Engine {
  return {
    words: ["--builder", "buildah"],
    buildWords: [],
    env,
    call,
    importImage(name, folder) {
      const container = call("from", "scratch");
      call("copy", "--quiet", container, folder, "/");
      call("config", "--env", "PATH=/bin", container);
      call("commit", "--quiet", "--rm", container, name);
    },
    names: () => lines(call("images", "--format", "{{.Name}}:{{.Tag}}")),
    everything: () => [
      ...lines(call("containers", "--quiet")),
      ...lines(call("images", "--all", "--quiet")),
    ],
    remove,
  };
}

function importArchive(call: Engine["call"], name: string, folder: string): void {
  const archive = `${folder}.tar`;
  execFileSync("tar", ["-C", folder, "-cf", archive, "."]);
  call("import", "--change", "ENV PATH=/bin", archive, name);
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean).sort();
}
