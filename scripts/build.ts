import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { build, type BuildOptions } from "esbuild";

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
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
chmodSync("dist/cli.js", 0o755);

execFileSync("npx", ["tsc", "--project", "tsconfig.declarations.json"], {
  stdio: "inherit",
});
