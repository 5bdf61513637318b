import { libraryPackages } from "../../knowledge/library-packages.ts";
import type { SmallBase } from "../../knowledge/image-releases.ts";
import { operands } from "../operands.ts";
import { isRemovedAgain } from "../package-effect.ts";
import type { Silence } from "../plan.ts";
import type { StageCommand } from "../stage-commands.ts";

/** `-dev` packages with nothing that is loaded at run time. */
const withoutLibraries =
  /^(libc6-dev|libc-dev|musl-dev|linux-libc-dev|libstdc\+\+-\d+-dev|libgcc-\d+-dev|dpkg-dev)$/;

/**
 * The packages with the libraries of the `-dev` packages that a stage installs: all that its
 * programs can be linked with, on an image that has none itself.
 *
 * @param isServed of a `-dev` package whose libraries the image has
 */
export function linkedPackages(
  commands: readonly StageCommand[],
  { image }: Pick<SmallBase, "image">,
  isServed: (name: string) => boolean = () => false,
): readonly string[] | Silence {
  const found: string[] = [];
  for (const command of commands) {
    if (!/^(apt|apt-get|apk)$/.test(command.program ?? "")) continue;
    const [subcommand, ...names] = operands(command.args, ["-t", "--virtual"]) ?? [];
    if (!/^(install|add)$/.test(subcommand ?? "")) continue;
    // A variable may hold several of them.
    for (const word of names.flatMap((item) => item.split(/\s+/))) {
      const name = word.replace(/[=:~<>].*$/, "");
      if (!name.endsWith("-dev") || withoutLibraries.test(name) || isServed(name))
        continue;
      // apk takes the libraries away together with their headers.
      if (command.program === "apk" && isRemovedAgain(name, commands)) continue;
      const libraries = libraryPackages(name, image);
      if (!libraries)
        return {
          reason: `which package has the libraries of “${name}” isn't known`,
          range: command.range,
        };
      found.push(...libraries);
    }
  }
  return [...new Set(found)];
}
