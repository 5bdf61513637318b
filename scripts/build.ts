import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import { build, type BuildOptions } from "esbuild";
import { configSchema } from "../src/files/config-schema.ts";
import { transforms } from "../transforms/index.ts";
import { bundleCli } from "./bundle-cli.ts";
import { thirdPartyLicenses } from "./third-party-licenses.ts";

const common = {
  bundle: true,
  format: "esm",
  target: "node20",
  minify: true,
  // The licences of what is bundled go into a file of their own.
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  mainFields: ["module", "main"],
} satisfies BuildOptions;

rmSync("dist", { recursive: true, force: true });

// The library has no Node import, so that it also runs in a browser.
const library = await build({
  ...common,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  platform: "neutral",
  inject: ["scripts/browser-buffer.ts"],
});

const programs = await bundleCli("dist", common);

// The page of `batch review`: one script, since its policy admits it by its checksum.
const page = await build({
  ...common,
  entryPoints: ["src/batch/review/browser/main.ts"],
  outfile: "dist/review-page.js",
  platform: "browser",
  target: "es2022",
  format: "esm",
});

writeFileSync(
  "dist/THIRD-PARTY-LICENSES.txt",
  thirdPartyLicenses([library.metafile, page.metafile, ...programs]),
);

// Editors complete and check .dockerslim.json by it; made from the schema that the tool uses.
const schema = {
  title: "Config of dockerslim",
  ...toJsonSchema(configSchema(transforms.map(({ id }) => id))),
};
writeFileSync("dist/schema.json", `${JSON.stringify(schema, undefined, 2)}\n`);

execFileSync("npx", ["tsc", "--project", "tsconfig.declarations.json"], {
  stdio: "inherit",
});
