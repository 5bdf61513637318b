/**
 * Scripts to be sourced that only set variables and functions: they install nothing and don't
 * leave the shell. Files of /etc, such as profile and os-release; a shell's own start-up files;
 * `activate` of Python's virtual environments and of conda; what rustup, Poetry, Nix, nvm and
 * rvm leave to be sourced; a ROS workspace's `setup.bash`.
 */
const environmentScripts =
  /^\/etc\/|(activate|env|os-release|profile|rc|nvm\.sh|nix\.sh|conda\.sh|env\.sh)$|(^|\/)(rvm|setup\.(ba)?sh)$/;

/** @param path as it is written, perhaps in quotes */
export function isEnvironmentScript(path: string): boolean {
  return environmentScripts.test(path.replace(/["']$/, ""));
}
