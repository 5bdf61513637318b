/**
 * Who else reads or fetches apt's package lists. A clean-up before one of these breaks the
 * build, so what isn't known to leave the lists alone counts as a possible reader.
 */

/** Programs that install packages from the lists as they are. */
export const listReaders: ReadonlySet<string> = new Set([
  "ansible",
  "ansible-playbook",
  "ansible-pull",
  "apt-cache",
  "apt-file",
  "chef-client",
  "chef-solo",
  "dselect",
  "gdebi",
  "install_packages",
  "mk-build-deps",
  "nala",
  "opam",
  "netselect-apt",
  "puppet",
  "rosdep",
  "ruby-install",
  "run-parts",
  "salt-call",
  "tasksel",
  "unattended-upgrade",
]);

/** Downloaded set-up scripts that run `apt-get update` themselves, as one reads in them. */
export const listFetchingScripts =
  /deb\.nodesource\.com\/setup|packagecloud\.io\/install\/repositories\/.*script\.deb|get\.docker\.com/;

/**
 * Set-up scripts to download that fetch by git, curl or wget and install no packages, as one
 * reads in them: of nvm, npm, rustup, pip, Oh My Zsh, Composer, Poetry, uv, Bun, Deno.
 */
export const harmlessDownloads =
  /^https?:\/\/(raw\.github(usercontent)?\.com\/((nvm-sh|creationix)\/nvm|ohmyzsh\/ohmyzsh|robbyrussell\/oh-my-zsh)\/|sh\.rustup\.rs|bootstrap\.pypa\.io\/|(www\.)?npmjs\.(org|com)\/install\.sh|getcomposer\.org\/installer|install\.python-poetry\.org|astral\.sh\/uv\/|bun\.(sh|com)\/install|deno\.land\/)/;

/** Programs that do something with a script as a file, and don't run it. */
export const fileTools =
  /^(chmod|chown|chgrp|cp|mv|rm|ln|ls|mkdir|rmdir|stat|touch|dos2unix)$/;

/** Options with which an editor installs its own extensions: Visual Studio Code's manual. */
export const extensionOptions = /^--install-extension(=|$)/;

/** Scripts by name that build or unpack, and install no packages. */
export const harmlessScripts =
  /(^|\/)(google-cloud-sdk\/install\.sh|node_modules\/\.bin\/[^/]+|init\.d\/[^/]+|configure|autogen\.sh|buildconf|b2|bjam|waf|gradlew|mvnw|sbt|rebar3?|manage\.py|rvm|(mini|ana)conda[^/]*\.sh|(mini|mamba)forge[^/]*\.sh|cmake[^/]*\.sh|get-pip\.py|rustup[^/]*|wait-for-it\.sh)$|^\.\/config$/i;

/**
 * Programs that are known, and known to install from elsewhere or not at all; for
 * `install-glue-kernels` AWS Glue’s guide, “Getting started with interactive sessions”.
 */
export const otherInstallers =
  /^(pip[\d.]*|python[\d.]*|npm|npx|yarn|pnpm|bun|corepack|gem|bundler?|cargo|rustup|go|conda|mamba|micromamba|poetry|pipenv|pipx|uv|pdm|composer|pecl|pear|phpize|php|docker-php-(ext-\w+|source)|install-php-extensions|cpan|cpanm|luarocks|cabal|stack|R|Rscript|julia|mix|dotnet|nuget|mvn|gradle|make|cmake|ninja|meson|install|dpkg|update-alternatives|update-rc\.d|apt-key|apt-mark|apt-config|add-apt-repository|apt-add-repository|dpkg-reconfigure|debconf-set-selections|git|svn|curl|wget|echo|printf|cat|sed|grep|tee|tar|unzip|mkdir|cp|mv|rm|ln|ls|chmod|chown|touch|find|test|\[|cd|export|set|rbenv|pyenv|nvm|asdf|n|vagrant|helm|kubectl|gcloud|aws|az|brew|snap|yum|dnf|apk|zypper|pacman|R|install2\.r|installr|tlmgr|texhash|a2enmod|a2dismod|npm-check-updates|playwright|puppeteer|which|command|type|true|false|sleep|useradd|groupadd|adduser|addgroup|usermod|locale-gen|update-locale|ldconfig|autoreconf|bower|dpkg-divert|jupyter(-\w+)?|nix(-env|-channel)?|wp|drush|artisan|pre-commit|perl|ruby|node|java|setup-buildx|install-glue-kernels|systemctl|service|dirname|basename|env|xargs|date|id|uname|arch|gpg|openssl|sha\d+sum|md5sum)$/;

/** A script run by an interpreter that, by its name, may install packages. */
export const installingScripts =
  /(install|dep|setup|bootstrap|provision|prereq)[^/]*\.(py|rb|pl|sh)$/i;

/** Programs whose arguments name what the project wants done. */
export const taskRunners =
  /^(make|gmake|just|task|invoke|inv|rake|nox|tox|doit|mage|grunt|gulp)$/;

/** Such targets that may install packages. */
export const installingTargets =
  /dep|apt|setup|bootstrap|pack|prereq|provision|env|tool/i;
