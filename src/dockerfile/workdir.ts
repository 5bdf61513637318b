/**
 * The working directory after `WORKDIR path`.
 *
 * @param current undefined where only the base image knows it
 * @returns an absolute path, or what is known of it: a path relative to the base image's
 * directory, or a path that starts with a variable as it is written.
 */
export function joinWorkdir(current: string | undefined, path: string): string {
  // Drive letters and backslashes are for Windows alone; a variable may hold any path.
  if (/^([A-Za-z]:|\\|\$)/.test(path)) return path;
  if (path.startsWith("/")) return normalize(path);
  return normalize(current === undefined ? path : `${current}/${path}`);
}

function normalize(path: string): string {
  if (path.includes("$") || path.includes("\\")) return path;
  const parts: string[] = [];
  const absolute = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const last = parts.at(-1);
    if (part !== ".." || (!absolute && (last === undefined || last === ".."))) {
      parts.push(part);
    } else parts.pop();
  }
  return (absolute ? "/" : "") + parts.join("/") || ".";
}
