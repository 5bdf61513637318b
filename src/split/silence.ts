import type { Silence } from "./plan.ts";
import type { SplitSubject } from "./subject.ts";

/** Images for people who work in them, by their repository. */
const workplaces =
  /(^|\/)(devcontainers?|codespaces|gitpod|jupyter|che|theia|code-server)(\/|$|-)/i;

/** As the value of a variable, and not as one of the folders of PATH. */
const toolchainFolder =
  /(^|\s)(?!PATH\b)\w+[=\s]["']?\/usr\/local\/(go|cargo|rustup)["']?(\s|$)/;

/** What forbids a split whatever is built. */
export function whyNoSplit({
  stage,
  image,
  dockerfile,
}: SplitSubject): Silence | undefined {
  const find = (keyword: string) =>
    stage.instructions.find((item) => item.keyword === keyword);
  const onbuild = find("ONBUILD");
  if (onbuild)
    return { reason: "it is a base for other images (ONBUILD)", range: onbuild.range };
  if (workplaces.test(image.repository ?? ""))
    return { reason: "it is an image to work in", range: stage.from.range };
  if (image.text.includes("$") && image.resolved === undefined)
    return { reason: "which image it stands on can't be told", range: stage.from.range };
  const variable = stage.instructions.find(
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
