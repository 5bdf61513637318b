import { commonBuildWords } from "./build-words.ts";
import { runContainer } from "./run-container.ts";
import type { Builder } from "./types.ts";

const common = {
  id: "docker",
  hasImage: (name) => ["image", "inspect", "--format", "{{.Id}}", name],
  exportImage: (name, file) => ["image", "save", "--output", file, name],
  removeImages: (names, keepLayers) => [
    ...["image", "rm", ...(keepLayers ? ["--no-prune"] : []), ...names],
  ],
  // The daemon removes them when its client goes.
  workingContainers: undefined,
  run: runContainer,
} satisfies Partial<Builder>;

/** Docker with BuildKit. */
export const docker: Builder = {
  ...common,
  name: "docker (BuildKit)",
  probes: [["version"], ["buildx", "version"]],
  build: (request) => [
    ...["buildx", "build", "--load", "--progress", "plain"],
    ...commonBuildWords(request),
  ],
  buildEnvironment: {},
  hasSecrets: true,
  namesOf: undefined,
};

/** Docker's own builder, which it has where buildx isn't installed. */
export const dockerClassic: Builder = {
  ...common,
  name: "docker (classic builder)",
  probes: [["version"]],
  build: (request) => ["build", "--force-rm", ...commonBuildWords(request)],
  buildEnvironment: { DOCKER_BUILDKIT: "0" },
  hasSecrets: false,
  namesOf: (id) => ["image", "inspect", "--format", "{{.RepoTags}}", id],
};
