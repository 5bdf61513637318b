import type { ElfFacts } from "../images/elf/parse-elf.ts";
import { walkTree } from "../images/tree/file-tree.ts";
import { findFile } from "../images/tree/find-file.ts";
import type { TreeNode } from "../images/tree/types.ts";
import type { Image } from "../images/types.ts";

/** Debian's folders for libraries, by `e_machine` (Debian wiki, "Multiarch/Tuples"). */
const multiarch: Readonly<Record<number, readonly string[]>> = {
  3: ["i386-linux-gnu"],
  21: ["powerpc64le-linux-gnu"],
  22: ["s390x-linux-gnu"],
  40: ["arm-linux-gnueabihf", "arm-linux-gnueabi"],
  62: ["x86_64-linux-gnu"],
  183: ["aarch64-linux-gnu"],
  243: ["riscv64-linux-gnu"],
};

/** What `$PLATFORM` may stand for isn't known from outside; these are the usual values. */
const platforms: Readonly<Record<number, string>> = { 62: "x86_64", 183: "aarch64" };

/**
 * The libraries and loaders that the image's programs and libraries need and that can't be
 * found, as ld.so(8) looks for them, by the path of the file that needs them. Libraries that
 * are found only in the search path of the program that loads a library count as missing;
 * that is the same before and after.
 */
export function missingLibraries(
  root: TreeNode,
  { config }: Image,
): Map<string, readonly string[]> {
  const library = (config.Env ?? []).find((pair) => pair.startsWith("LD_LIBRARY_PATH="));
  const fromEnvironment = (library ?? "").split("=")[1]?.split(/[:;]/) ?? [];
  const general = [...fromEnvironment.filter(Boolean), ...configuredFolders(root)];
  const known = new Map<string, TreeNode | undefined>();
  const find = (path: string) => {
    if (!known.has(path)) known.set(path, findFile(root, path));
    return known.get(path);
  };
  const isThere = (path: string, { bits, machine }: ElfFacts): boolean => {
    const linking = find(path)?.content?.linking;
    return (
      linking?.kind === "elf" &&
      linking.elf.bits === bits &&
      linking.elf.machine === machine
    );
  };
  const missing = new Map<string, readonly string[]>();
  for (const { path, node } of walkTree(root)) {
    const linking = node.content?.linking;
    if (linking?.kind !== "elf") continue;
    const { elf } = linking;
    const folders = [...ownFolders(path, elf), ...general, ...usualFolders(elf)];
    const names = elf.needed.filter((name) =>
      name.includes("/")
        ? !isThere(name, elf)
        : !folders.some((folder) => isThere(`${folder}/${name}`, elf)),
    );
    const { interpreter } = elf;
    if (interpreter !== undefined && find(interpreter) === undefined) {
      names.push(interpreter);
    }
    if (names.length > 0) missing.set(path, names);
  }
  return missing;
}

function ownFolders(path: string, { searchPath, machine }: ElfFacts): string[] {
  const origin = path.slice(0, path.lastIndexOf("/"));
  const libraryFolders = [
    "lib",
    "lib64",
    ...tuples(machine).map((name) => `lib/${name}`),
  ];
  return searchPath
    .map((folder) =>
      folder
        .replaceAll(/\$(ORIGIN\b|\{ORIGIN\})/g, () => origin)
        .replaceAll(/\$(PLATFORM\b|\{PLATFORM\})/g, () => platforms[machine] ?? ""),
    )
    .flatMap((folder) =>
      /\$(LIB\b|\{LIB\})/.test(folder)
        ? libraryFolders.map((name) => folder.replace(/\$(LIB\b|\{LIB\})/, () => name))
        : [folder],
    );
}

function usualFolders({ machine }: ElfFacts): string[] {
  return [
    ...tuples(machine).flatMap((name) => [`/lib/${name}`, `/usr/lib/${name}`]),
    ...["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/lib32", "/usr/lib32"],
    // Of musl, where no file says otherwise, and of Debian's ld.so.conf.d.
    "/usr/local/lib",
  ];
}

function tuples(machine: number): readonly string[] {
  return multiarch[machine] ?? [];
}

/** Every folder that a file of the loader's configuration names. */
function configuredFolders(root: TreeNode): string[] {
  const etc = findFile(root, "/etc")?.children ?? new Map<string, TreeNode>();
  const included = etc.get("ld.so.conf.d")?.children ?? new Map<string, TreeNode>();
  return [...etc.values(), ...included.values()].flatMap(({ content }) =>
    content?.linking?.kind === "loader-config"
      ? content.linking.text
          .split(/[\n:]/)
          .map((line) => line.replace(/#.*/, "").trim())
          .filter((line) => line.startsWith("/"))
      : [],
  );
}
