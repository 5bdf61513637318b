import type { BuildRequest } from "./types.ts";

/** The options that docker, podman and buildah have in common. */
export function commonBuildWords(request: BuildRequest): string[] {
  const { buildArgs, secrets, target, platform } = request;
  return [
    ...buildArgs.flatMap((pair) => ["--build-arg", pair]),
    ...secrets.flatMap((secret) => ["--secret", secret]),
    ...(target === undefined ? [] : ["--target", target]),
    ...(platform === undefined ? [] : ["--platform", platform]),
    ...(request.keepCache ? [] : ["--no-cache"]),
    ...request.builderArgs,
    ...["--file", request.dockerfile, "--tag", request.tag, request.context],
  ];
}
