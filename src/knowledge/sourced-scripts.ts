/**
 * Scripts to be sourced that only set variables and functions: they install nothing and don't
 * leave the shell. Files of /etc, such as profile and os-release; `activate` of Python's
 * virtual environments, `env` of rustup, `nvm.sh` of nvm; a shell's own start-up files.
 */
const environmentScripts = /^\/etc\/|(activate|env|os-release|profile|rc|nvm\.sh)$/;

/** @param path as it is written, perhaps in quotes */
export function isEnvironmentScript(path: string): boolean {
  return environmentScripts.test(path.replace(/["']$/, ""));
}
