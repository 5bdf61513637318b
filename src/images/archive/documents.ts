import * as v from "valibot";
import { ImageError } from "../problem.ts";

const text = v.string();
const texts = v.array(text);
/** Go writes an empty list or map as null. */
const optional = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );

const platform = v.object({
  os: text,
  architecture: text,
  variant: optional(text),
});

/** A reference to a blob (OCI image specification, descriptor.md). */
const descriptor = v.object({
  mediaType: optional(text),
  digest: v.pipe(text, v.regex(/^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/)),
  platform: optional(platform),
  annotations: optional(v.record(text, text)),
});
export type Descriptor = v.InferOutput<typeof descriptor>;

/** `manifest.json` of `docker save`. */
export const dockerManifest = v.array(
  v.object({ Config: text, RepoTags: optional(texts), Layers: optional(texts) }),
);

/** `index.json` or an index that it names, or a manifest: told apart by their fields. */
export const ociDocument = v.union([
  v.object({ manifests: v.array(descriptor) }),
  v.object({ config: descriptor, layers: v.array(descriptor) }),
]);

export const imageConfig = v.object({
  os: optional(text),
  architecture: optional(text),
  variant: optional(text),
  config: optional(
    v.object({
      User: optional(text),
      ExposedPorts: optional(v.record(text, v.unknown())),
      Env: optional(texts),
      Entrypoint: optional(texts),
      Cmd: optional(texts),
      Volumes: optional(v.record(text, v.unknown())),
      WorkingDir: optional(text),
      Labels: optional(v.record(text, text)),
      StopSignal: optional(text),
      Shell: optional(texts),
      OnBuild: optional(texts),
      Healthcheck: optional(v.record(text, v.unknown())),
    }),
  ),
  rootfs: v.object({ diff_ids: optional(texts) }),
  history: optional(
    v.array(
      v.object({
        created: optional(text),
        created_by: optional(text),
        comment: optional(text),
        empty_layer: optional(v.boolean()),
      }),
    ),
  ),
});

/** @throws ImageError where the bytes aren't JSON of that shape. */
export function parseDocument<T extends v.GenericSchema>(
  schema: T,
  bytes: Uint8Array,
  name: string,
): v.InferOutput<T> {
  const refuse = (why: string) =>
    new ImageError(`${name} ${why}`, "The image is broken; build or export it again");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw refuse("is not valid JSON");
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw refuse(
    `isn't what an image has there${path === null ? "" : ` (at ${path})`}: ${issue.message}`,
  );
}
