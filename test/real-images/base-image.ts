import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** `setcap` is in Debian's libcap2-bin. */
const programs = [
  ...["sh", "cat", "chmod", "chown", "cp", "ln", "mkdir", "rm", "sleep"].map(
    (name) => `/bin/${name}`,
  ),
  "/sbin/setcap",
];

/** A library that `cp` needs and the shell doesn't, as a path in the image. */
export function libraryOfCp(): string {
  const [own, shells] = ["cp", "sh"].map((name) => librariesOf(`/bin/${name}`));
  const library = own?.find((path) => shells?.includes(path) === false);
  if (library === undefined) throw new Error("cp needs no library of its own");
  return library;
}

/** Puts this machine's shell and a few programs, with what they need, into a folder. */
export function fillRoot(folder: string): void {
  for (const path of ["bin", "etc", "tmp", "var/log"]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  writeFileSync(join(folder, "etc/passwd"), "root:x:0:0::/:/bin/sh\n");
  const needed = new Set<string>();
  for (const program of programs) {
    cpSync(realpathSync(program), join(folder, "bin", basename(program)));
    for (const library of librariesOf(program)) needed.add(library);
  }
  for (const library of needed) {
    mkdirSync(dirname(join(folder, library)), { recursive: true });
    cpSync(realpathSync(library), join(folder, library));
  }
}

/** Paths, by ldd(1), of what a program loads. */
function librariesOf(program: string): string[] {
  const text = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...text.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? []);
}
