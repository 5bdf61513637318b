import { lineage } from "./lineage.ts";
import type { Silence } from "./plan.ts";
import type { SplitSubject } from "./subject.ts";

/** Images for people who work in them, by their repository. */
const workplaces =
  /(^|\/)(devcontainers?|codespaces|gitpod|jupyter|che|theia|code-server)(\/|$|-)/i;

/** Stages by which people develop and test, by what they are usually called. */
const forWorking =
  /^(.*[-_.])?(dev|devel|develop|development|debug|debugger|test|tests|tester|testing|lint|linter|devcontainer|workspace|shell)([-_.].*)?$/i;

/** As the value of a variable, and not as one of the folders of PATH. */
const toolchainFolder =
  /(^|\s)(?!PATH\b)\w+[=\s]["']?\/usr\/local\/(go|cargo|rustup)["']?(\s|$)/;

/** Compilers' and linkers' names for systems on which no Linux image runs. */
const otherSystem =
  /(^|[\s"'=-])(GOOS[=\s]["']?(windows|darwin|freebsd|js|wasip1|android|ios)\b|[\w-]*mingw[\w-]*|[\w-]+-(pc-windows|apple-darwin)\b)/;

/**
 * Where development containers are described, and how they name a Dockerfile of the project
 * (containers.dev, "Reference", "Image metadata").
 */
const devContainerFiles = [
  [".devcontainer/devcontainer.json", /^\.\.\/(?!\.devcontainer\/)/],
  [".devcontainer.json", /^(?!\.devcontainer\/)/],
] as const;
const devContainerLabel = "devcontainer.metadata";

/** What forbids a split whatever is built. */
export function whyNoSplit({
  stage,
  instructions,
  image,
  dockerfile,
  context,
}: SplitSubject): Silence | undefined {
  const find = (keyword: string) => instructions.find((item) => item.keyword === keyword);
  if (stage.name !== undefined && forWorking.test(stage.name))
    return {
      reason: `the stage “${stage.name}” is for working in it`,
      range: stage.from.range,
    };
  const ownPlatform = lineage(stage)
    .slice(1)
    .find(({ platform }) => platform !== undefined);
  if (ownPlatform)
    return {
      reason: "it is for another platform than the stage below",
      range: ownPlatform.from.range,
    };
  const onbuild = find("ONBUILD");
  if (onbuild)
    return { reason: "it is a base for other images (ONBUILD)", range: onbuild.range };
  if (workplaces.test(image.repository ?? ""))
    return { reason: "it is an image to work in", range: stage.from.range };
  const label = instructions.find(
    ({ keyword, body }) => keyword === "LABEL" && body.text.includes(devContainerLabel),
  );
  if (label) return { reason: "it is a development container", range: label.range };
  const described = devContainerFiles.find(([file, isOwn]) =>
    isOwn.test(dockerfileOf(context?.read(file) ?? "")),
  );
  if (described)
    return {
      reason: `${described[0]} makes a development container of it`,
      range: stage.from.range,
    };
  const foreign = instructions.find(
    ({ keyword, body }) => /^(RUN|ENV|ARG)$/.test(keyword) && otherSystem.test(body.text),
  );
  if (foreign)
    return { reason: "it builds for another system than Linux", range: foreign.range };
  if (image.text.includes("$") && image.resolved === undefined)
    return { reason: "which image it stands on can't be told", range: stage.from.range };
  const variable = instructions.find(
    ({ keyword, body }) => keyword === "ENV" && toolchainFolder.test(body.text),
  );
  if (variable)
    return {
      reason: "a variable names the toolchain's folder, which the program may look for",
      range: variable.range,
    };
  if (dockerfile.escape !== "\\")
    return {
      reason: "a file with another escape character is left alone",
      range: stage.from.range,
    };
  return undefined;
}

/** The Dockerfile that a description builds to its end; one of its own where it builds none. */
function dockerfileOf(text: string): string {
  const file = /"docker[fF]ile"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  return file === undefined || /"target"\s*:/.test(text) ? ".devcontainer/" : file;
}
