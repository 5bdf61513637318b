import { commonBuildWords } from "./build-words.ts";
import { runContainer } from "./run-container.ts";
import type { Builder } from "./types.ts";

export const podman: Builder = {
  id: "podman",
  name: "podman",
  probes: [["info"]],
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
  // Only Docker's format holds HEALTHCHECK, SHELL and ONBUILD.
  build: (request) => [
    ...["build", "--format", "docker", "--layers", "--force-rm"],
    ...commonBuildWords(request),
  ],
  buildEnvironment: {},
  hasSecrets: true,
  removeImages: (names, keepLayers) => [
    ...["rmi", ...(keepLayers ? ["--no-prune"] : []), ...names],
  ],
  namesOf: (id) => ["image", "inspect", "--format", "{{.RepoTags}}", id],
  workingContainers: {
    list: ["ps", "--all", "--external", "--format", "json"],
    // Those of a build that was ended are still mounted.
    remove: (ids) => ["rm", "--force", ...ids],
  },
  run: runContainer,
};
