import { oncePer } from "./once-per.ts";
import type { Dockerfile } from "./types.ts";

/** Last path segments of what COPY and ADD take from the build context, and where to. */
export const copiedNames = oncePer(
  ({ instructions }: Dockerfile): ReadonlySet<string> =>
    new Set(
      instructions
        .filter(
          ({ keyword, flags }) =>
            (keyword === "COPY" || keyword === "ADD") &&
            !flags.some(({ name }) => name === "from"),
        )
        .flatMap(({ json, body }) => json ?? body.text.split(/\s+/))
        .map((path) => path.slice(path.lastIndexOf("/") + 1)),
    ),
);
