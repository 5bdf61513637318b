import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { keepsDefaultShell } from "../../knowledge/base-shells.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import type { Invocation } from "../../shell/invocation.ts";
import type { Script } from "../../shell/parse.ts";
import { rootKnownBy } from "./known-root.ts";
import type { NestedCommand } from "./nested-commands.ts";
import { packagedPlace } from "./packaged-place.ts";
import { rootImage } from "../root-image.ts";

/**
 * Why a clean-up that removes folders by their paths can't be given here: the folders may be
 * elsewhere, or belong to somebody else.
 */
export function whyNotHere(
  run: Instruction,
  script: Script,
  { invocation, wrapper }: NestedCommand,
  manager: PackageManager,
  dockerfile: Dockerfile,
): string | undefined {
  const { images, rights } = manager;
  const image = run.stage && rootImage(run.stage);
  if (
    images &&
    !(image && keepsDefaultShell(image) && images.test(image.repository ?? "")) &&
    packagedPlace(run, manager, dockerfile) === undefined
  )
    return "where its cache is depends on the image";
  if (rights === undefined) return undefined;
  const isRoot = rootKnownBy(run, dockerfile) !== undefined;
  const givesRights =
    wrapper !== undefined ||
    invocation?.prefixWords.some(({ text }) => rightsGiver.test(text)) === true;
  if (rights !== "root")
    return (isRoot || rights === "own-home") &&
      !givesRights &&
      homeOf(run, script, dockerfile) !== undefined
      ? undefined
      : "in whose home folder its cache is, the file doesn't tell";
  const becomes = wrapper
    ? wrapper.user === undefined
    : invocation && becomesRoot(invocation);
  if (givesRights ? becomes : isRoot) return undefined;
  return "whether its files are this user's own, the file doesn't tell";
}

const rightsGiver = /^(.*\/)?(sudo|doas|gosu|su-exec|setpriv|chroot|fakeroot)$/;

/** `sudo` without another user's name, `gosu root`. */
function becomesRoot({ prefixes, prefixWords }: Invocation): boolean {
  const words = prefixWords.map(({ text }) => text);
  return prefixes.every((name) => {
    switch (name) {
      case "sudo":
      case "doas":
        return !words.some((word) => /^(-[a-zA-Z]*[ugU]|--(user|group))/.test(word));
      case "gosu":
      case "su-exec":
        return /^(root|0)(:(root|0))?$/.test(words[words.indexOf(name) + 1] ?? "");
      default:
        return !rightsGiver.test(name);
    }
  });
}

/**
 * How a clean-up has to name the home folder of whoever runs the RUN. The shell's `~` is
 * where the install took it to be, too, whatever an image that isn't known sets HOME to.
 *
 * @returns undefined where the script itself may change it, and where the file sets it
 */
export function homeOf(
  run: Instruction,
  script: Script,
  dockerfile: Dockerfile,
): "/root" | "~" | undefined {
  if (/\bHOME=|\b(unset|read)\b.*\bHOME\b/.test(script.text)) return undefined;
  const { env, args } = stateBefore(run, dockerfile);
  if (args.has("HOME")) return undefined;
  const knownBy = rootKnownBy(run, dockerfile);
  if (env.has("HOME"))
    return knownBy && env.get("HOME") === "/root" ? "/root" : undefined;
  // Docker sets HOME by /etc/passwd.
  return knownBy === "name" ? "/root" : "~";
}
