import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import {
  imagesOfRoot,
  rootUser,
  usersOfImages,
  type KnownUser,
} from "../../knowledge/cache-mount-targets.ts";
import { rootImage } from "../root-image.ts";

/**
 * Who runs a RUN, where that and the user's home are known: from USER, else from the image.
 * Undefined where a variable may move the home or what is kept in it.
 */
export function buildUser(
  run: Instruction,
  dockerfile: Dockerfile,
): KnownUser | undefined {
  if (/\bHOME=|\bENV\s+HOME\s|XDG_CACHE_HOME/.test(dockerfile.text)) return undefined;
  const user = stateBefore(run, dockerfile).user?.split(":")[0];
  if (user === "root" || user === "0") return rootUser;
  const image = run.stage && rootImage(run.stage);
  const repository = image?.repository ?? "";
  // A build argument may put another image in the place of its default.
  const isSure = image && image.registry === undefined && !/^[^:@]*\$/.test(image.text);
  if (!isSure) return undefined;
  if (user === undefined) return imagesOfRoot.test(repository) ? rootUser : undefined;
  return usersOfImages.find(
    (entry) => entry.user === user && entry.repository.test(repository),
  )?.known;
}
