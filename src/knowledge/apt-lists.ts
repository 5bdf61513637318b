/**
 * Who else reads or fetches apt's package lists. A clean-up before one of these breaks the
 * build, so what isn't known to leave the lists alone counts as a possible reader.
 */

/** Programs that install packages from the lists as they are. */
export const listReaders: ReadonlySet<string> = new Set([
  "ansible-playbook",
  "apt-cache",
  "apt-file",
  "chef-client",
  "chef-solo",
  "gdebi",
  "install_packages",
  "mk-build-deps",
  "netselect-apt",
  "puppet",
  "rosdep",
  "salt-call",
  "tasksel",
]);

/** Downloaded set-up scripts that run `apt-get update` themselves, as one reads in them. */
export const listFetchingScripts =
  /deb\.nodesource\.com\/setup|packagecloud\.io\/install\/repositories\/.*script\.deb|get\.docker\.com/;

/** Scripts by name that build or unpack, and install no packages. */
export const harmlessScripts =
  /(^|\/)(node_modules\/\.bin\/[^/]+|init\.d\/[^/]+|configure|config|autogen\.sh|bootstrap(\.sh)?|buildconf|b2|bjam|waf|gradlew|mvnw|sbt|rebar3?|manage\.py|activate|nvm\.sh|rvm|env\.sh|setup\.(ba)?sh|cargo\/env|conda\.sh|(mini|ana)conda[^/]*\.sh|(mini|mamba)forge[^/]*\.sh|cmake[^/]*\.sh|get-pip\.py|rustup[^/]*|wait-for-it\.sh)$/i;

/** Targets of make that may install packages. */
export const installingTargets =
  /dep|apt|setup|bootstrap|pack|prereq|provision|env|tool/i;
