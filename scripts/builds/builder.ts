/** Docker, Podman or Buildah, whichever is there, behind the same few verbs. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { ImageConfig } from "./image.ts";

export interface Builder {
  readonly kind: "docker" | "podman" | "buildah";
  /** The program, by name or by path. */
  readonly program: string;
  /** Its own words, on one line. */
  readonly version: string;
}

export interface Outcome {
  /** 0 for success. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const kinds = ["docker", "podman", "buildah"] as const;

/** A build or a run that takes longer has hung; in milliseconds. */
const timeLimit = 20 * 60 * 1000;

/**
 * The builder that DOCKERSLIM_BUILDER names (`docker`, `podman`, `buildah`, or the path of
 * one of them), or the first of these that works.
 * @returns what stands in the way where there is none.
 */
export function findBuilder(): Builder | string {
  const chosen = process.env["DOCKERSLIM_BUILDER"] ?? "";
  if (chosen !== "") {
    const kind = kinds.find((name) => basename(chosen).startsWith(name));
    if (kind === undefined) {
      return `DOCKERSLIM_BUILDER is ${chosen}; it has to be docker, podman or buildah, or the path of one.`;
    }
    return probe(kind, chosen) ?? `${chosen} doesn't work here.`;
  }
  for (const kind of kinds) {
    const builder = probe(kind, kind);
    if (builder !== undefined) return builder;
  }
  return "There is no docker, podman or buildah that works here.";
}

/** `docker version` fails without its daemon, which is what matters. */
function probe(kind: Builder["kind"], program: string): Builder | undefined {
  const words =
    kind === "docker"
      ? ["version", "--format", "Docker {{.Server.Version}}"]
      : ["--version"];
  const { status, stdout } = spawnSync(program, words, { encoding: "utf8" });
  return status === 0 ? { kind, program, version: stdout.trim() } : undefined;
}

/**
 * Builds without the builder's cache, one layer for each instruction.
 * @param dockerfile path of the Dockerfile.
 * @param buildArguments values of ARGs.
 */
export function buildImage(
  builder: Builder,
  context: string,
  dockerfile: string,
  tag: string,
  buildArguments: Readonly<Record<string, string>> = {},
): Outcome {
  const words = {
    docker: ["build"],
    podman: ["build", "--format", "docker", "--layers", "--force-rm"],
    buildah: ["bud", "--format", "docker", "--layers", "--force-rm"],
  }[builder.kind];
  const given = Object.entries(buildArguments).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]);
  return run(builder, [
    ...[...words, ...given],
    ...["--no-cache", "-f", dockerfile, "-t", tag, context],
  ]);
}

/** Writes the image in the format of `docker save`. */
export function saveImage(builder: Builder, tag: string, archive: string): Outcome {
  // Buildah adds to an archive that is there already.
  rmSync(archive, { force: true });
  return run(
    builder,
    builder.kind === "buildah"
      ? ["push", "--quiet", tag, `docker-archive:${archive}:${tag}`]
      : ["save", "-o", archive, tag],
  );
}

/**
 * Runs the image's own command.
 * @param scratch an empty folder that may be written to.
 */
export function runImage(
  builder: Builder,
  tag: string,
  config: ImageConfig,
  scratch: string,
): Outcome {
  if (builder.kind !== "buildah") return run(builder, ["run", "--rm", tag]);
  const created = run(builder, ["from", "--pull-never", tag]);
  if (created.status !== 0) return created;
  const container = created.stdout.toString("utf8").trim();
  const command = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  // Buildah looks the program up outside of the image, where a shell in it finds the right
  // one; and what it passes on of the output may lack the end.
  const output = mkdtempSync(join(scratch, "output-"));
  chmodSync(output, 0o777);
  const script = 'exec "$@" > /.dockerslim/stdout';
  try {
    const ran = run(builder, [
      ...["run", "--volume", `${output}:/.dockerslim`, container, "--"],
      ...["/bin/sh", "-c", script, "sh", ...command],
    ]);
    const printed = join(output, "stdout");
    return { ...ran, stdout: existsSync(printed) ? readFileSync(printed) : ran.stdout };
  } finally {
    run(builder, ["rm", container]);
  }
}

export function removeImage(builder: Builder, tag: string): void {
  run(builder, ["rmi", tag]);
}

function run({ program }: Builder, words: readonly string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 30,
    timeout: timeLimit,
  });
  return {
    status: status ?? 1,
    stdout,
    stderr: error === undefined ? stderr.toString("utf8") : error.message,
  };
}

/** The end of what was printed. Docker logs on the standard error, the others on both. */
export function lastLines({ stdout, stderr }: Outcome): string {
  const lines = `${stdout.toString("utf8")}\n${stderr}`.trimEnd().split("\n");
  return lines.slice(-15).join("\n");
}
