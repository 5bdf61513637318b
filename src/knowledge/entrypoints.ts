/**
 * ENTRYPOINTs of images that do nothing but start the command that follows them, if that is a
 * program: docker-library/node, `docker-entrypoint.sh`; carlossg/docker-maven,
 * `mvn-entrypoint.sh` (it fills `~/.m2` first); adoptium/containers, `entrypoint.sh` (it
 * imports certificates where `USE_SYSTEM_CA_CERTS` is set).
 */
const forwarding: ReadonlySet<string> = new Set([
  "docker-entrypoint.sh",
  "/usr/local/bin/mvn-entrypoint.sh",
  "/__cacert_entrypoint.sh",
]);

/** @param entrypoint words; none: the command starts by itself */
export function onlyStartsCommand(entrypoint: readonly string[]): boolean {
  return (
    entrypoint.length === 0 ||
    (entrypoint.length === 1 && forwarding.has(entrypoint[0] ?? ""))
  );
}
