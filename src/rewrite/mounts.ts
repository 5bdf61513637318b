import type { Instruction } from "../dockerfile/types.ts";

/**
 * Whether two RUNs under equal flags would see another file system if they were one: a tmpfs
 * starts empty for each RUN, and what is written to a bind mount is thrown away after it
 * (Dockerfile reference, "RUN --mount").
 */
export function hasMountOfItsOwn(run: Instruction): boolean {
  return run.flags.some(({ name, value = "" }) => {
    if (name !== "mount") return false;
    const options = value.split(",").map((option) => option.trim().toLowerCase());
    const isBind = !options.some((option) => /^type=(?!bind$)/.test(option));
    const isWritable = options.some((option) =>
      /^(rw|readwrite)(=(true|1))?$/.test(option),
    );
    return options.includes("type=tmpfs") || (isBind && isWritable);
  });
}
