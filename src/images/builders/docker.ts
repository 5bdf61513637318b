import type { Builder } from "./types.ts";

export const docker: Builder = {
  id: "docker",
  hasImage: (name) => ["image", "inspect", "--format", "{{.Id}}", name],
  exportImage: (name, file) => ["image", "save", "--output", file, name],
};
