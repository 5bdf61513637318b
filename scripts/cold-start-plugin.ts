import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Takes Node's own modules from `process.getBuiltinModule`. An `import` of one would read
 * all its exports at once, and with those of `fs` come the streams, a tenth of the time
 * that Node itself needs to start.
 *
 * Commander would load child_process, as slow, for subcommands that are programs of their
 * own. There are none here, so it gets nothing.
 */
export const coldStartPlugin: Plugin = {
  name: "cold-start",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, importer }) => {
      if (!isBuiltin(path)) return undefined;
      const idle = path.endsWith("child_process") && /[\\/]commander[\\/]/.test(importer);
      return { path: idle ? "nothing" : path, namespace: "builtin" };
    });
    build.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents:
        path === "nothing"
          ? ""
          : `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
