import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SizeAmount, SizeEntry } from "../../src/knowledge/sizes.ts";
import {
  buildImage,
  lastLines,
  removeImage,
  runImage,
  saveImage,
  type Builder,
} from "../builds/builder.ts";
import { isInside, removableBytes } from "../builds/compare.ts";
import { fileTree, readImage, type Image, type Layer } from "../builds/image.ts";
import type { MeasuringCase } from "./case.ts";

/** @returns the row, or why there is none. */
export function measure(
  builder: Builder,
  { name, folder, given }: MeasuringCase,
  image: string,
  layers: Map<string, Layer>,
): SizeEntry | string {
  const scratch = mkdtempSync(join(tmpdir(), "dockerslim-sizes-"));
  const tag = `dockerslim-sizes:${name}`;
  try {
    const dockerfile = join(folder, "Dockerfile");
    const built = buildImage(builder, folder, dockerfile, tag, { BASE: image });
    if (built.status !== 0) return `the build failed\n${lastLines(built)}`;
    const archive = join(scratch, "image.tar");
    const saved = saveImage(builder, tag, archive);
    if (saved.status !== 0) return `the image can't be saved\n${lastLines(saved)}`;
    const content = readImage(archive, layers);
    const ran = runImage(builder, tag, content.config, scratch);
    const release = osRelease(ran.stdout.toString("utf8"));
    if (release === undefined) return `it has no os-release: ${lastLines(ran)}`;
    const bytes = removableBytes(content, given.cache.map(withoutSlash));
    if (bytes === 0) return "there is nothing in the cache";
    const per = given.per === undefined ? undefined : amount(content, given.per);
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
    removeImage(builder, tag);
    rmSync(scratch, { recursive: true, force: true });
  }
}

function amount(
  image: Image,
  per: NonNullable<MeasuringCase["given"]["per"]>,
): SizeAmount {
  const folder = withoutSlash(per.of);
  const files = [...fileTree(image)].filter(([path]) => isInside(path, [folder]));
  if (per.unit === "downloaded bytes") {
    return { unit: per.unit, count: files.reduce((sum, [, { size }]) => sum + size, 0) };
  }
  const packages = files.filter(([path]) =>
    per.count.startsWith("*")
      ? path.endsWith(per.count.slice(1))
      : isPackageManifest(path),
  );
  return { unit: per.unit, count: packages.length };
}

/** `node_modules/name/package.json` or `node_modules/@scope/name/package.json`. */
function isPackageManifest(path: string): boolean {
  return /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path);
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

function withoutSlash(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
