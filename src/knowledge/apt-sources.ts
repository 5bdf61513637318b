/**
 * What decides where apt's packages come from, and whether `apt-get update` can fetch their
 * lists once more: apt-get(8), apt.conf(5), sources.list(5), apt-transport-http(1). What isn't
 * known to leave all of it alone counts as a change.
 */

/**
 * Files that an update reads or needs: settings, keys, certificates, names of hosts and
 * accounts. apt's folders of programs and libraries are among them.
 */
export const updateFiles: readonly string[] = [
  "/bin",
  "/dev",
  "/etc/alternatives",
  "/etc/apt",
  "/etc/ca-certificates",
  "/etc/ca-certificates.conf",
  "/etc/debian_version",
  "/etc/environment",
  "/etc/gai.conf",
  "/etc/gnupg",
  "/etc/group",
  "/etc/host.conf",
  "/etc/hosts",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/ld.so.preload",
  "/etc/lsb-release",
  "/etc/nsswitch.conf",
  "/etc/os-release",
  "/etc/passwd",
  "/etc/resolv.conf",
  "/etc/shadow",
  "/etc/ssl",
  "/lib",
  "/lib64",
  "/proc",
  "/sbin",
  "/sys",
  "/usr/bin",
  "/usr/lib",
  "/usr/libexec",
  "/usr/sbin",
  "/usr/share/ca-certificates",
  "/usr/share/keyrings",
  "/var/cache/apt",
  "/var/lib/apt",
  "/var/lib/dpkg",
];

/** A folder that has to be there, whatever is in it. */
export const temporaryFolder = /^\/(var\/)?tmp$/;

const variables =
  "(\\w*[Pp]roxy|\\w*PROXY|APT_\\w+|LD_\\w+|PATH|TE?MP|TMPDIR|GNUPGHOME|PYTHON(HOME|PATH)|SSL_\\w+|HOME)";

/** Variables that apt, or a program that an update starts, goes by; as ENV and ARG name them. */
export const updateVariables = new RegExp(`(?<![$\\w{])${variables}\\b`);

/** The same where a script sets or removes them. */
export const updateAssignments = new RegExp(
  `(?<![$\\w{])${variables}\\+?=|\\b(unset|read)\\b`,
);

/** Programs that write nothing but to where they are redirected. */
export const readers =
  /^(:|\[|awk|basename|cat|cd|cut|date|dirname|echo|egrep|export|false|file|find|free|getconf|grep|head|id|ls|md5sum|nproc|printf|pwd|readlink|realpath|set|sha\d+sum|sleep|sort|stat|tail|test|tr|true|type|umask|uname|wc|which|whoami)$/;

/** Programs that write to the paths among their words, or to the folder of the moment. */
export const writers =
  /^(chgrp|chmod|chown|cp|curl|dos2unix|git|gpg|gunzip|ln|mkdir|mv|rm|rmdir|sed|tar|tee|touch|truncate|unzip|wget)$/;

/** Of these, such whose other words are addresses, and the options in front of a file's name. */
export const downloaders = /^(curl|wget)$/;
export const outputOptions =
  /^(-\w*[oOPK]|--(output|output-document|directory-prefix|output-dir|config))$/;

/** Of these, such that write to the last path alone. */
export const copiers = /^(cp|ln)$/;

/** Programs that unpack what the file doesn't show. */
export const unpackers = /^(tar|unzip)$/;

/** Programs with files of their own, far from apt's. */
export const installersElsewhere =
  /^(adduser|addgroup|bundle|bundler|cargo|composer|cpanm|debconf-set-selections|dpkg-reconfigure|docker-php-ext-(configure|enable|install)|gem|groupadd|locale-gen|localedef|luarocks|npm|pecl|pip[\d.]*|pipenv|pnpm|poetry|rustup|update-locale|useradd|virtualenv|yarn)$/;

/** `dpkg --print-architecture` and other questions. */
export const dpkgQuestions =
  /^(--print-architecture|--print-foreign-architectures|-[lsLS]|--list|--status|--version)$/;

/** With these, such a program runs what the project says. */
export const runners = /^(run|run-script|exec|start|test|x|dlx|rake|build)$/;

/** What apt does without a change to its own settings, but for what packages bring along. */
export const plainAptCalls =
  /^(install|upgrade|dist-upgrade|full-upgrade|build-dep|clean|autoclean)( |$)/;

/**
 * Packages that bring sources or keys, or have an update run a program of theirs: Google
 * Chrome, Visual Studio Code and the like register their own source when they are installed;
 * apt-file(1), command-not-found and appstream hook into the update.
 */
export const packagesWithSources =
  /^(google-|code(-insiders)?$|microsoft-|msodbc|packages-microsoft|teams|slack|brave|opera|vivaldi|skype|signal-|spotify|dropbox|atom$|sublime|chef|puppet|gitlab|docker-(ce|desktop)|virtualbox|steam|wine|insync|zoom|anydesk|teamviewer|nordvpn|mullvad|1password|apt-(file|listchanges|xapian|cacher|dater|transport-(tor|s3))|command-not-found|appstream|packagekit|gnome-software|plasma-discover|ubuntu-(advantage|pro|desktop)|unattended-upgrades|auto-apt-proxy|squid-deb-proxy|eatmydata|needrestart)|(?<!^lsb-)(release|repo|repository|setup|keyring|apt-config|apt-source|sources|archive)$/;

/** Options of an update that say nothing of what it fetches, or from where. */
export const plainUpdateOptions =
  /^(-[qy]+|-q=\d|--(yes|assume-yes|quiet|fix-missing|no-install-recommends|allow-releaseinfo-change|allow-unauthenticated))$/;

/** Where the output of an update may go. */
export const nowhere = /^(\/dev\/null|\d)$/;

/** Options of an install with which it downloads and installs, by the lists and as usual. */
export const plainInstallOptions =
  /^(-[qyVm]+|-q=\d|--(yes|assume-yes|quiet|no-install-recommends|no-install-suggests|install-recommends|install-suggests|fix-missing|reinstall|force-yes|allow-\w[\w-]*|verbose-versions|no-upgrade|only-upgrade|auto-remove)|-o(=|$)?Dpkg::.*|Dpkg::.*)$/i;

/** Calls that only install, by the lists. */
export const installCalls = /^(install|upgrade|dist-upgrade|full-upgrade)( |$)/;
