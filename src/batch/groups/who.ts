import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";

/** Who decides: `Name <address>` as git has them here, else the user of the system. */
export async function whoDecides(): Promise<string> {
  const [name, address] = await Promise.all([setting("name"), setting("email")]);
  const person = [name, address === "" ? "" : `<${address}>`]
    .filter((part) => part !== "")
    .join(" ");
  return person === "" ? systemUser() : person;
}

async function setting(key: "name" | "email"): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", [
      "config",
      "--get",
      `user.${key}`,
    ]);
    return stdout.trim();
  } catch {
    // It isn't set, or there is no git.
    return "";
  }
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
