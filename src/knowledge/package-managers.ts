import { alpineManagers } from "./managers/alpine.ts";
import { compiledManagers } from "./managers/compiled.ts";
import { debianManagers } from "./managers/debian.ts";
import { javascriptManagers } from "./managers/javascript.ts";
import { otherLanguageManagers } from "./managers/other-languages.ts";
import { otherSystemManagers } from "./managers/other-systems.ts";
import { pythonManagers } from "./managers/python.ts";
import { redHatManagers } from "./managers/red-hat.ts";
import { rubyPhpPerlManagers } from "./managers/ruby-php-perl.ts";
import { oncePerText } from "../dockerfile/once-per.ts";
import type { PackageManager } from "./managers/types.ts";

export type { PackageManager };

/** All that are known, by family; docs/package-managers.md has them in this order. */
export const managerFamilies: readonly (readonly [
  family: string,
  managers: readonly PackageManager[],
])[] = [
  ["Debian and Ubuntu", debianManagers],
  ["Alpine", alpineManagers],
  ["Red Hat's family", redHatManagers],
  ["Other distributions", otherSystemManagers],
  ["Python", pythonManagers],
  ["JavaScript", javascriptManagers],
  ["Ruby, PHP, Perl", rubyPhpPerlManagers],
  ["Compiled languages", compiledManagers],
  ["Other languages", otherLanguageManagers],
];

export const packageManagers: readonly PackageManager[] = managerFamilies.flatMap(
  ([, managers]) => managers,
);

/** A file calls the same few programs over and over. */
const programLimit = 1024;

/** The managers that a program of this name belongs to, in the order of the list. */
export const managersNamed = oncePerText(
  programLimit,
  (program): readonly PackageManager[] =>
    packageManagers.filter(({ programs }) => programs.test(program)),
);
