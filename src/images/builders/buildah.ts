import type { Builder } from "./types.ts";

export const buildah: Builder = {
  id: "buildah",
  hasImage: (name) => [
    "inspect",
    "--type",
    "image",
    "--format",
    "{{.FromImageID}}",
    name,
  ],
  exportImage: (name, file) => ["push", "--quiet", name, `oci-archive:${file}`],
};
