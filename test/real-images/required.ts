/** Engines that a run may not go without; CI can name more than the one it always has. */
const required = (
  process.env["DOCKERSLIM_ENGINES"] ?? (process.env["CI"] === undefined ? "" : "buildah")
).split(",");

/**
 * Whether tests can use an engine. Where they can't, a person is told so; where the engine
 * is required, the run fails.
 *
 * @param whyNot Says what is missing; undefined for nothing.
 */
export function mayUse(name: string, whyNot: () => string | undefined): boolean {
  const reason = whyNot();
  if (reason === undefined) return true;
  const word = `${name} can't be used here: ${reason}`;
  if (required.includes(name)) throw new Error(word);
  process.stderr.write(`SKIPPED: ${word}\n`);
  return false;
}
