import type { Instruction } from "../../dockerfile/types.ts";

/**
 * Whether two RUNs under equal flags would see another file system if they were one: a tmpfs
 * starts empty for each RUN, and what is written to a bind mount is thrown away after it
 * (Dockerfile reference, "RUN --mount"). A variable may stand for either.
 */
export function hasMountOfItsOwn(run: Instruction): boolean {
  return run.flags.some(({ name, value = "" }) => {
    if (name !== "mount") return false;
    const options = value.split(",").map((option) => option.trim().toLowerCase());
    const type = options.findLast((option) => option.startsWith("type=")) ?? "type=bind";
    const isWritable = options.some((option) =>
      /^((rw|readwrite)(=|$)|(ro|readonly)=)/.test(option),
    );
    return (
      value.includes("$") || type === "type=tmpfs" || (type === "type=bind" && isWritable)
    );
  });
}
