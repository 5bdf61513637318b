/** Builds a project as it is and as dockerslim rewrites it, and compares the images. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildImage,
  lastLines,
  removeImage,
  runImage,
  saveImage,
  type Builder,
} from "./builder.ts";
import { layerBytesInside, differences } from "./compare.ts";
import { readImage, type Image, type Layer } from "./image.ts";
import type { Project } from "./project.ts";

export interface BuiltProject {
  readonly project: Project;
  /** Undefined where a build failed. */
  readonly images: { readonly before: Image; readonly after: Image } | undefined;
  /** What is wrong, one line each; none for success. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** @param layers those read so far; see {@link readImage}. */
export function buildProject(
  builder: Builder,
  cli: string,
  project: Project,
  layers: Map<string, Layer>,
): BuiltProject {
  const start = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), "dockerslim-builds-"));
  try {
    return {
      project,
      ...compareBuilds(builder, cli, project, layers, scratch),
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function compareBuilds(
  builder: Builder,
  cli: string,
  { name, folder, expected }: Project,
  layers: Map<string, Layer>,
  scratch: string,
): Pick<BuiltProject, "images" | "problems"> {
  const original = join(folder, "Dockerfile");
  const rewritten = rewrite(cli, folder, join(scratch, "after"));
  if (readFileSync(rewritten).equals(readFileSync(original))) {
    return { images: undefined, problems: ["dockerslim changes nothing"] };
  }
  // One context for both: the Dockerfile in it may itself be copied into the image.
  const build = (dockerfile: string, side: string): Built | string =>
    buildOne(
      builder,
      folder,
      dockerfile,
      `dockerslim-builds:${name}-${side}`,
      layers,
      scratch,
    );
  const before = build(original, "before");
  if (typeof before === "string") return { images: undefined, problems: [before] };
  const after = build(rewritten, "after");
  if (typeof after === "string") return { images: undefined, problems: [after] };

  const caches = expected.caches.map((path) => path.replace(/^\/+|\/+$/g, ""));
  const problems = [
    ...runProblems("before", before, expected),
    ...runProblems("after", after, expected),
    ...differences(before.image, after.image, caches),
    ...caches
      .filter(
        (cache) =>
          layerBytesInside(before.image, [cache]) <=
          layerBytesInside(after.image, [cache]),
      )
      .map((cache) => `/${cache}: nothing in it was removed`),
  ];
  return { images: { before: before.image, after: after.image }, problems };
}

interface Built {
  readonly image: Image;
  readonly stdout: string;
  readonly status: number;
}

/** @returns the path of the rewritten Dockerfile. */
function rewrite(cli: string, folder: string, copy: string): string {
  cpSync(folder, copy, { recursive: true });
  const dockerfile = join(copy, "Dockerfile");
  const words = [cli, "fix", "--write", "--no-config", "--quiet", dockerfile];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`dockerslim fix ended with ${status}: ${stderr}`);
  return dockerfile;
}

function buildOne(
  builder: Builder,
  context: string,
  dockerfile: string,
  tag: string,
  layers: Map<string, Layer>,
  scratch: string,
): Built | string {
  const built = buildImage(builder, context, dockerfile, tag);
  if (built.status !== 0) return `${tag}: the build failed\n${lastLines(built)}`;
  try {
    const archive = join(scratch, "image.tar");
    const saved = saveImage(builder, tag, archive);
    if (saved.status !== 0) return `${tag}: can't be saved\n${lastLines(saved)}`;
    const image = readImage(archive, layers);
    const { stdout, status } = runImage(builder, tag, image.config, scratch);
    return { image, stdout: stdout.toString("utf8"), status };
  } finally {
    removeImage(builder, tag);
  }
}

function runProblems(
  side: string,
  { stdout, status }: Built,
  expected: Project["expected"],
): string[] {
  const wanted = expected.stdout.map((line) => `${line}\n`).join("");
  return [
    ...(status === expected.exitCode
      ? []
      : [`${side}: exit code ${status} in place of ${expected.exitCode}`]),
    ...(stdout === wanted ? [] : [`${side}: printed ${JSON.stringify(stdout)}`]),
  ];
}
