import type { CacheMount, PackageManager } from "../../src/knowledge/managers/types.ts";
import { managerFamilies } from "../../src/knowledge/package-managers.ts";

/** docs/package-managers.md, in Markdown that is still to be formatted. */
export function packageManagersPage(): string {
  return [
    '<!-- Made by "npm run docs" from src/knowledge/managers/. -->',
    "# Package managers",
    "What each package manager leaves in an image, what `clean-package-cache` and `no-cache-flags` do about it, and why. `~` is the home folder of whoever runs the manager. A cache that is a mount, and one that a variable or setting moves, is left alone with every manager; so is one that a later command of the file needs.",
    ...managerFamilies.flatMap(([family, managers]) => [
      `## ${family}`,
      ...managers.flatMap(section),
    ]),
    "",
  ].join("\n\n");
}

function section(manager: PackageManager): string[] {
  const { title, why, writes, since, keptOutBy, mounts, sources } = manager;
  return [
    `### ${title}`,
    `${whatWeDo(manager)} ${why}`,
    ...(writes.length === 0
      ? []
      : [
          [
            "| writes | what | moved by |",
            "| --- | --- | --- |",
            ...writes.map(
              ({ path, holds, movedBy = "" }) =>
                `| \`${path}\` | ${holds} | ${movedBy} |`,
            ),
          ].join("\n"),
        ]),
    [
      ...fact("Since", since),
      ...fact("Kept out by images", keptOutBy),
      ...fact("As a cache mount", mounts.map(mountText).join("; ")),
      ...fact("Sources", sources.join("; ")),
    ].join("\n"),
  ];
}

function whatWeDo(manager: PackageManager): string {
  const { id, flag, cleanup, cleanupByPath, leave, rights, images } = manager;
  if (leave !== undefined) return `Left alone: ${leave}.`;
  const where = [
    ...(manager.isCleanupForOld ? ["where the image may be too old for that"] : []),
    ...(images ? ["in the official image ruby"] : []),
    ...(rights === "root" ? ["where root runs it"] : []),
    ...(rights === "root-home" ? ["where the RUN's user is known to be root"] : []),
  ];
  return [
    ...(flag
      ? [
          `\`${flag.flag}\` is added to ${flag.subcommands.map((name) => `\`${name}\``).join(", ")}.`,
        ]
      : []),
    ...(cleanup.length > 0
      ? [
          `\`${cleanup.join(" && ").replace("{program}", id)}\` is appended${where.length > 0 ? `, ${where.join(" and ")}` : ""}.`,
        ]
      : []),
    ...(cleanupByPath
      ? [
          `Where it can't be called once more and root runs it, that is \`${cleanupByPath.join(" && ")}\`.`,
        ]
      : []),
  ].join(" ");
}

function mountText({ target, sharing, alsoNeeds }: CacheMount): string {
  const needs = alsoNeeds === undefined ? "" : `, with ${alsoNeeds}`;
  return `\`${target}\` (${sharing})${needs}`;
}

function fact(name: string, text: string | undefined): string[] {
  return text === undefined || text === "" ? [] : [`- ${name}: ${text}`];
}
