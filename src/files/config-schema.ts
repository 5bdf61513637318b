import * as v from "valibot";

/**
 * Schema of `.dockerslim.json`; its JSON Schema is published with the package.
 *
 * @param ids The transforms that can be named.
 */
export function configSchema(ids: readonly string[]) {
  const transformIds = v.array(v.picklist(ids));
  return v.strictObject({
    $schema: v.optional(
      v.pipe(v.string(), v.description("Where editors find this schema.")),
    ),
    unsafe: v.optional(
      v.pipe(v.boolean(), v.description("Also apply unsafe changes, as --unsafe does.")),
    ),
    propose: v.optional(
      v.pipe(v.boolean(), v.description("Also apply proposals, as --propose does.")),
    ),
    only: v.optional(
      v.pipe(
        transformIds,
        v.description("Run these transforms alone, whatever their level."),
      ),
    ),
    skip: v.optional(v.pipe(transformIds, v.description("Leave these transforms out."))),
    ignore: v.optional(
      v.pipe(
        v.array(v.string()),
        v.description(
          "Files to leave alone: globs relative to this file, as in .gitignore.",
        ),
      ),
    ),
    layout: v.optional(
      v.pipe(
        v.strictObject({
          indent: v.optional(
            v.pipe(
              v.union([
                v.literal("tab"),
                v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
              ]),
              v.description(
                'Indentation of continuation lines: "tab" or a number of spaces from 1 to 8.',
              ),
            ),
          ),
          operator: v.optional(
            v.pipe(
              v.picklist(["leading", "trailing"]),
              v.description("Whether && stands at the start or at the end of a line."),
            ),
          ),
        }),
        v.description(
          "How a merged RUN is laid out where the file itself shows no habit.",
        ),
      ),
    ),
    batch: v.optional(
      v.pipe(
        v.boolean(),
        v.description("Whether `dockerslim batch` may propose changes here (default)."),
      ),
    ),
    verify: v.optional(
      v.pipe(
        v.strictObject({
          mayDiffer: v.optional(
            v.pipe(
              v.array(v.string()),
              v.description(
                "Files in an image that may differ, be missing or be new: globs as in .gitignore, relative to the image's root.",
              ),
            ),
          ),
        }),
        v.description("Settings of the comparison of two images."),
      ),
    ),
    transforms: v.optional(
      v.pipe(
        v.strictObject({
          "merge-runs": v.optional(
            v.strictObject({
              strategy: v.optional(
                v.pipe(
                  v.picklist(["always", "when-it-saves"]),
                  v.description(
                    "Merge all adjacent RUNs, or only those where it makes the image smaller.",
                  ),
                ),
              ),
            }),
          ),
          "split-stages": v.optional(
            v.strictObject({
              minimumMegabytes: v.optional(
                v.pipe(
                  v.number(),
                  v.minValue(0),
                  v.description(
                    "Propose a split that saves at least so many MB (default 50), or the share below.",
                  ),
                ),
              ),
              minimumShare: v.optional(
                v.pipe(
                  v.number(),
                  v.minValue(0),
                  v.maxValue(1),
                  v.description(
                    "Propose a split that saves at least this share of the image, from 0 to 1 (default 0.2).",
                  ),
                ),
              ),
            }),
          ),
          "clean-package-cache": v.optional(
            v.strictObject({
              stages: v.optional(
                v.pipe(
                  v.picklist(["image", "all"]),
                  v.description(
                    "Clean up in the stages whose files are part of the final image, or in all of them.",
                  ),
                ),
              ),
              strategy: v.optional(
                v.pipe(
                  v.picklist(["remove", "cache-mount"]),
                  v.description(
                    "Remove caches from the image, or keep them in BuildKit cache mounts.",
                  ),
                ),
              ),
            }),
          ),
        }),
        v.description("Settings of single transforms."),
      ),
    ),
  });
}

export type ConfigSettings = v.InferOutput<ReturnType<typeof configSchema>>;
