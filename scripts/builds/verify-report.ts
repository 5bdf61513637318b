import * as v from "valibot";

const layer = v.object({
  /** SHA-256 of the uncompressed layer. */
  diffId: v.string(),
  bytes: v.number(),
  /** The instruction, as the image's history has it. */
  createdBy: v.string(),
});
export type Layer = v.InferOutput<typeof layer>;

const side = v.object({
  layers: v.array(layer),
  run: v.object({
    exitCode: v.nullable(v.number()),
    stdout: v.object({ head: v.string() }),
  }),
});

/** What is read of the output of `dockerslim verify --run-entrypoint --format json`. */
export const verifyReport = v.object({
  result: v.picklist(["same", "different"]),
  before: side,
  after: side,
  /** Files that the layers no longer hold, the largest of them. */
  gone: v.array(v.object({ path: v.string() })),
  differences: v.array(
    v.object({
      subject: v.string(),
      message: v.string(),
      judgement: v.string(),
      reason: v.string(),
    }),
  ),
});
export type Report = v.InferOutput<typeof verifyReport>;
