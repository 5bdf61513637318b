import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

const packagePath = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const licenseFile = /^(licen[cs]e|copying|notice)(\b|[-.])/i;

/** The licence texts of exactly the packages of which some code is in the bundles. */
export function thirdPartyLicenses(metafiles: readonly Metafile[]): string {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => packagePath.exec(path)?.[1] ?? []);
  const sections = [...new Set(inputs)].map(packageSection).sort();
  return [
    "dockerslim contains code of these packages, under their licences.",
    ...sections,
    "",
  ].join("\n\n");
}

function packageSection(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { name: string; version: string; license?: string };
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenseFile.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), "utf8").trim());
  if (license === undefined || texts.length === 0) {
    throw new Error(`${name} is bundled, but names no licence or holds no licence text.`);
  }
  const title = `${name} ${version} (${license})`;
  return [`${title}\n${"=".repeat(title.length)}`, ...texts].join("\n\n");
}
