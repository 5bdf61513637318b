import { commonBuildWords } from "./build-words.ts";
import { runWorkingContainer } from "./run-working-container.ts";
import type { Builder } from "./types.ts";

export const buildah: Builder = {
  id: "buildah",
  name: "buildah",
  probes: [["info"]],
  hasImage: (name) => [
    "inspect",
    "--type",
    "image",
    "--format",
    "{{.FromImageID}}",
    name,
  ],
  exportImage: (name, file) => ["push", "--quiet", name, `oci-archive:${file}`],
  // Only Docker's format holds HEALTHCHECK, SHELL and ONBUILD.
  build: (request) => [
    ...["build", "--format", "docker", "--layers", "--force-rm"],
    ...commonBuildWords(request),
  ],
  buildEnvironment: {},
  hasSecrets: true,
  removeImages: (names) => ["rmi", ...names],
  namesOf: (id) => ["inspect", "--type", "image", "--format", "{{.FromImage}}", id],
  workingContainers: {
    list: ["containers", "--json"],
    remove: (ids) => ["rm", ...ids],
  },
  run: runWorkingContainer,
};
