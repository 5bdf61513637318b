import { stateAtEnd } from "../../dockerfile/state.ts";
import { ownUser } from "../../knowledge/base-users.ts";
import type { Silence } from "../plan.ts";
import type { SplitSubject } from "../subject.ts";

/** In /etc/passwd of Debian (package base-passwd), Ubuntu and Alpine alike. */
const everywhere = /^(root|nobody|www-data|daemon|bin|sys|mail|games|\d+)$/;

/**
 * @param others users that both images have
 * @returns a silence where the image that is split away brings the user that a container runs as
 */
export function whyUserMissing(
  { stage, dockerfile, commands, image }: SplitSubject,
  others: readonly string[],
): Silence | undefined {
  const user = stateAtEnd(stage, dockerfile).user ?? ownUser(image);
  if (user === undefined) return undefined;
  const name = user.replace(/:.*$/s, "");
  if (everywhere.test(name) || others.includes(name)) return undefined;
  const isMade = commands.some(
    ({ program, args }) =>
      /^(useradd|adduser)$/.test(program ?? "") && args.includes(name),
  );
  return isMade
    ? undefined
    : {
        reason: `the user ${name} may be the image's own`,
        range: stage.from.range,
      };
}
