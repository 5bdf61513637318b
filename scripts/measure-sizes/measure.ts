import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage } from "../../src/images/builders/build-image.ts";
import { exportImage } from "../../src/images/builders/export-image.ts";
import type { FoundBuilder } from "../../src/images/builders/find.ts";
import { runProgram } from "../../src/images/builders/run-program.ts";
import { readImage } from "../../src/images/read-image.ts";
import { buildTree, walkTree } from "../../src/images/tree/file-tree.ts";
import { findFile } from "../../src/images/tree/find-file.ts";
import type { TreeNode } from "../../src/images/tree/types.ts";
import type { SizeAmount, SizeEntry } from "../../src/knowledge/sizes.ts";
import type { MeasuringCase } from "./case.ts";
import { isInside, removableBytes } from "./removable-bytes.ts";

/** A build or a run that takes longer has hung; in milliseconds. */
const timeLimit = 20 * 60 * 1000;

/** @returns the row, or why there is none. */
export async function measure(
  found: FoundBuilder,
  { name, folder, given }: MeasuringCase,
  image: string,
): Promise<SizeEntry | string> {
  const scratch = mkdtempSync(join(tmpdir(), "dockerslim-sizes-"));
  const tag = `localhost/dockerslim-sizes:${name}`;
  const logFile = join(scratch, "build.log");
  try {
    const built = await buildImage(
      found,
      {
        ...{ context: folder, dockerfile: join(folder, "Dockerfile"), tag },
        ...{ buildArgs: [`BASE=${image}`], secrets: [], builderArgs: [] },
        ...{ target: undefined, platform: undefined, keepCache: false },
      },
      {
        ...{ logFile, scratch, signal: AbortSignal.timeout(timeLimit) },
        onStep: () => undefined,
      },
    );
    if (built.kind === "failed") return `the build failed: ${built.message}`;
    const archive = join(scratch, "image.tar");
    const problem = await exportImage(tag, archive, [found]);
    if (problem !== undefined) return problem.message;
    const content = await readImage(archive);
    if ("message" in content) return content.message;
    const tree = buildTree(content.layers);
    if ("message" in tree) return tree.message;
    const ran = await found.builder.run(found.program, {
      ...{ image: tag, config: content.config, script: undefined },
      hasShell: findFile(tree.root, "/bin/sh") !== undefined,
      ...{ scratch, signal: AbortSignal.timeout(timeLimit) },
    });
    const release = osRelease(ran.stdout.head);
    if (release === undefined) return `it has no os-release: ${ran.stderr?.head ?? ""}`;
    const bytes = removableBytes(tree.root, given.cache);
    if (bytes === 0) return "there is nothing in the cache";
    const per = given.per === undefined ? undefined : amount(tree.root, given.per);
    if (per?.count === 0) return `there is nothing in ${given.per?.of ?? ""}`;
    return {
      manager: given.manager,
      kind: given.kind,
      command: given.command,
      base: { image, ...release, ...given.lists },
      cache: given.cache,
      bytes,
      bound: given.bound,
      ...(per === undefined ? {} : { per }),
      method: "measured",
      how: given.how,
      date: new Date().toISOString().slice(0, 10),
    };
  } finally {
    await runProgram(found.program, found.builder.removeImages([tag], false));
    rmSync(scratch, { recursive: true, force: true });
  }
}

function amount(
  root: TreeNode,
  per: NonNullable<MeasuringCase["given"]["per"]>,
): SizeAmount {
  const files = [...walkTree(root)].filter(({ path }) => isInside(path, [per.of]));
  if (per.unit === "downloaded bytes") {
    const sizes = files.map(({ node }) => node.content?.size ?? 0);
    return { unit: per.unit, count: sizes.reduce((sum, size) => sum + size, 0) };
  }
  const packages = files.filter(({ path }) =>
    per.count.startsWith("*")
      ? path.endsWith(per.count.slice(1))
      : isPackageManifest(path),
  );
  return { unit: per.unit, count: packages.length };
}

/** `node_modules/name/package.json` or `node_modules/@scope/name/package.json`. */
function isPackageManifest(path: string): boolean {
  return /\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path);
}

/** os-release(5): a line for each variable, with the quotes of a shell. */
function osRelease(text: string): Omit<SizeEntry["base"], "image"> | undefined {
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}="?([^"\\n]*)"?$`, "m").exec(text)?.[1];
  const [family, release, name] = [value("ID"), value("VERSION_ID"), value("NAME")];
  if (family === undefined || name === undefined) return undefined;
  const plainName = name.replace(/ (GNU\/)?Linux$/, "");
  return {
    family,
    release: release ?? "",
    name: `${plainName} ${release ?? ""}`.trim(),
  };
}
