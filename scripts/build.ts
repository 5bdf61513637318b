import { execFileSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import { build, type BuildOptions } from "esbuild";
import { configSchema } from "../src/files/config-schema.ts";
import { transforms } from "../transforms/index.ts";
import { coldStartPlugin } from "./cold-start-plugin.ts";

const common: BuildOptions = {
  bundle: true,
  format: "esm",
  target: "node20",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  mainFields: ["module", "main"],
};

rmSync("dist", { recursive: true, force: true });

// The library has no Node import, so that it also runs in a browser.
await build({
  ...common,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  platform: "neutral",
});

// One file and lazy chunks instead of a hundred modules: cold start is part of the product.
await build({
  ...common,
  entryPoints: ["src/cli.ts"],
  outdir: "dist",
  platform: "node",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  external: ["prettier"],
  plugins: [coldStartPlugin],
  // write-file-atomic makes its temporary names from it; an ES module has none.
  define: { __filename: "import.meta.url" },
});
chmodSync("dist/cli.js", 0o755);

// Editors complete and check .dockerslim.json by it; made from the schema that the tool uses.
const schema = {
  title: "Config of dockerslim",
  ...toJsonSchema(configSchema(transforms.map(({ id }) => id))),
};
writeFileSync("dist/schema.json", `${JSON.stringify(schema, undefined, 2)}\n`);

execFileSync("npx", ["tsc", "--project", "tsconfig.declarations.json"], {
  stdio: "inherit",
});
