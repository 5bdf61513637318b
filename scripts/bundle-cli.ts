import { chmodSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";

const source = resolve("src");
const program = join(source, "cli.ts");

/**
 * Bundles the command line: cold start is part of the product. The program and each module
 * that it imports dynamically become one file each; what several of them use is small and
 * is repeated rather than put into further files, each of which takes a while to load.
 *
 * @param folder Where `cli.js` and the folder `lazy` go.
 * @returns What went into each file.
 */
export async function bundleCli(
  folder: string,
  common: BuildOptions,
): Promise<Metafile[]> {
  const metafiles: Metafile[] = [];
  const entries = new Set([program]);
  // The set grows while it is gone through: lazy modules have lazy modules themselves.
  for (const entry of entries) {
    const isProgram = entry === program;
    const { metafile } = await build({
      ...common,
      metafile: true,
      entryPoints: [entry],
      outfile: join(folder, isProgram ? "cli.js" : lazyPath(entry)),
      platform: "node",
      // The drivers of a campaign's store; libsql is a program of the machine's own kind.
      external: ["prettier", "libsql", "pg", "graphile-worker"],
      plugins: [
        nodeModules,
        lazyModules(isProgram ? "./" : "../", (path) => entries.add(path)),
        workerModules((path) => entries.add(path)),
      ],
      // write-file-atomic makes its temporary names from it; an ES module has none.
      define: { __filename: "import.meta.url" },
    });
    metafiles.push(metafile);
  }
  chmodSync(join(folder, "cli.js"), 0o755);
  return metafiles;
}

/** Path of a lazy module's bundle: `lazy/files-walk.js` for `src/files/walk.ts`. */
function lazyPath(module: string): string {
  const name = relative(source, module).replace(/\.ts$/, ".js").split(sep).join("-");
  return `lazy/${name}`;
}

/** Leaves dynamic imports of the project's own modules to the time when they are needed. */
function lazyModules(toFolder: string, found: (path: string) => void): Plugin {
  return {
    name: "lazy-modules",
    setup(hooks) {
      hooks.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const module = resolve(resolveDir, path);
        found(module);
        return { path: toFolder + lazyPath(module), external: true };
      });
    },
  };
}

/**
 * Modules that worker threads start with, written `new URL("./module.ts", import.meta.url)`,
 * which esbuild leaves as it is. Only lazy modules have them, so that theirs is the folder
 * of the module that starts them.
 */
function workerModules(found: (path: string) => void): Plugin {
  return {
    name: "worker-modules",
    setup(hooks) {
      hooks.onLoad({ filter: /-pool\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replace(
          /(?<=new URL\(")[^"]+(?=", import\.meta\.url\))/g,
          (worker) => {
            const module = resolve(dirname(path), worker);
            found(module);
            return `../${lazyPath(module)}`;
          },
        ),
        loader: "ts",
      }));
    },
  };
}

/**
 * Takes Node's own modules from `process.getBuiltinModule`. An `import` of one would read
 * all its exports at once, and with those of `fs` come the streams, a tenth of the time
 * that Node itself needs to start.
 *
 * What is imported for features that aren't used here isn't loaded: child_process for
 * commander's subcommands that are programs of their own, semver for older versions of the
 * .editorconfig format.
 */
const nodeModules: Plugin = {
  name: "node-modules",
  setup(hooks) {
    hooks.onResolve({ filter: /./ }, ({ path, importer }) => {
      const idle =
        (path.endsWith("child_process") && /[\\/]commander[\\/]/.test(importer)) ||
        (path === "semver" && /[\\/]editorconfig-/.test(importer));
      if (idle) return { path: "nothing", namespace: "builtin" };
      return isBuiltin(path) ? { path, namespace: "builtin" } : undefined;
    });
    hooks.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents:
        path === "nothing"
          ? ""
          : `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
