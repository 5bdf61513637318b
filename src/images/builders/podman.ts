import type { Builder } from "./types.ts";

export const podman: Builder = {
  id: "podman",
  hasImage: (name) => ["image", "exists", name],
  exportImage: (name, file) => [
    "save",
    "--quiet",
    "--format",
    "oci-archive",
    "--output",
    file,
    name,
  ],
};
