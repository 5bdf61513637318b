import { stateBefore } from "../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../dockerfile/types.ts";
import { keepsDefaultShell } from "../knowledge/base-shells.ts";
import { runsAsRoot } from "../knowledge/base-users.ts";
import type { PackageManager } from "../knowledge/package-managers.ts";
import type { SimpleCommand } from "../shell/commands.ts";
import type { Invocation } from "../shell/invocation.ts";
import type { Script } from "../shell/parse.ts";
import { rootImage } from "./root-image.ts";

/**
 * Why a clean-up that removes folders by their paths can't be given here: the folders may be
 * elsewhere, or belong to somebody else.
 */
export function whyNotHere(
  run: Instruction,
  script: Script,
  { invocation }: SimpleCommand,
  { images, rights }: PackageManager,
  dockerfile: Dockerfile,
): string | undefined {
  const image = run.stage && rootImage(run.stage);
  if (
    images &&
    !(image && keepsDefaultShell(image) && images.test(image.repository ?? ""))
  )
    return "where its cache is depends on the image";
  if (rights === undefined) return undefined;
  const isRoot = isKnownRoot(run, dockerfile);
  const givesRights = invocation?.prefixWords.some(({ text }) => rightsGiver.test(text));
  if (rights === "root-home")
    return isRoot && !givesRights && hasRootHome(run, script, dockerfile)
      ? undefined
      : "in whose home folder its cache is, the file doesn't tell";
  if (givesRights ? invocation && becomesRoot(invocation) : isRoot) return undefined;
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

function isKnownRoot(run: Instruction, dockerfile: Dockerfile): boolean {
  const { user } = stateBefore(run, dockerfile);
  if (user !== undefined) return /^(root|0)(:(root|0))?$/.test(user);
  const image = run.stage && rootImage(run.stage);
  return image !== undefined && runsAsRoot(image);
}

/** Docker sets HOME by /etc/passwd, unless the file sets it. */
function hasRootHome(run: Instruction, script: Script, dockerfile: Dockerfile): boolean {
  const { env, args } = stateBefore(run, dockerfile);
  return (
    !args.has("HOME") &&
    (!env.has("HOME") || env.get("HOME") === "/root") &&
    !/\bHOME=|\b(unset|read)\b.*\bHOME\b/.test(script.text)
  );
}
