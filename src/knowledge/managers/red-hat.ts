import { packageManager, type PackageManager } from "./types.ts";

const rpmOptions = [
  "-c",
  "--config",
  "-d",
  "-e",
  "-R",
  "-x",
  "--exclude",
  "--enablerepo",
  "--disablerepo",
  "--installroot",
  "--releasever",
  "--setopt",
  "--repo",
  "--repoid",
];

const rpmHandled = /^--download-?only$|^--downloaddir|keepcache=/;
const rpmReadsByOption = /^(-C|--cacheonly)$/;

const rpmInstalls =
  /^(install|update|upgrade|groupinstall|group install|localinstall|reinstall|downgrade|builddep|distro-sync|module (install|enable)|swap|up|in|upgrade-minimal|update-minimal)( |$)/;

const metadataStays =
  "The repositories' metadata, often more than a hundred megabytes, is outdated when the image is run. Packages are removed by the manager itself unless `keepcache` is set, and then they are left alone.";

export const redHatManagers: readonly PackageManager[] = [
  packageManager({
    id: "yum",
    title: "yum",
    programs: /^(yum|yum-builddep)$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/yum", "/var/cache/dnf"],
    cleanup: ["yum clean all", "rm -rf /var/cache/yum"],
    readsByOption: rpmReadsByOption,
    handledByOption: rpmHandled,
    writes: [
      {
        path: "/var/cache/yum",
        holds: "metadata; packages with `keepcache=1`",
        movedBy: "`cachedir` in yum.conf",
      },
    ],
    mounts: [
      {
        target: "/var/cache/yum",
        sharing: "locked",
        alsoNeeds: "`keepcache=1` in /etc/yum.conf, for packages to stay",
      },
    ],
    why: `${metadataStays} \`yum clean all\` passes over repositories that are not enabled, so the folder goes as well.`,
    sources: [
      "yum(8), CLEAN OPTIONS: untracked repositories keep their files",
      "yum.conf(5): cachedir, keepcache",
    ],
  }),
  packageManager({
    id: "dnf",
    title: "dnf, dnf5",
    programs: /^(dnf|dnf-3|dnf5)$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"],
    cleanup: ["{program} clean all"],
    readsByOption: rpmReadsByOption,
    handledByOption: rpmHandled,
    writes: [
      {
        path: "/var/cache/dnf",
        holds: "metadata; packages with `keepcache=1`",
        movedBy: "`cachedir` in dnf.conf",
      },
      {
        path: "/var/cache/libdnf5",
        holds: "the same for dnf5",
        movedBy: "`cachedir`, `system_cachedir`",
      },
    ],
    mounts: [
      {
        target: "/var/cache/dnf",
        sharing: "locked",
        alsoNeeds: "`keepcache=1` in /etc/dnf/dnf.conf, for packages to stay",
      },
      { target: "/var/cache/libdnf5", sharing: "locked" },
    ],
    why: metadataStays,
    since: "/var/cache/libdnf5 since dnf5 (Fedora 41)",
    sources: [
      "dnf(8), Clean Command",
      "dnf.conf(5): cachedir, keepcache",
      "dnf5(8), clean command; dnf5.conf(5): cachedir, system_cachedir",
    ],
  }),
  packageManager({
    id: "microdnf",
    title: "microdnf",
    programs: /^microdnf$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
    cleanup: ["{program} clean all"],
    readsByOption: rpmReadsByOption,
    handledByOption: rpmHandled,
    writes: [
      {
        path: "/var/cache/yum",
        holds: "metadata; in newer releases /var/cache/dnf or /var/cache/libdnf5",
      },
    ],
    mounts: [
      { target: "/var/cache/dnf", sharing: "locked" },
      { target: "/var/cache/yum", sharing: "locked" },
    ],
    why: metadataStays,
    sources: ["microdnf(8), clean all"],
  }),
  packageManager({
    id: "tdnf",
    title: "tdnf",
    programs: /^tdnf$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/tdnf"],
    cleanup: ["{program} clean all"],
    readsByOption: rpmReadsByOption,
    // With another root, cache and clean-up are those of that root.
    handledByOption:
      /^--download-?only$|^--downloaddir|keepcache=|^--(installroot|releasever)/,
    writes: [
      {
        path: "/var/cache/tdnf",
        holds: "metadata; packages with `keepcache=1`",
        movedBy: "`cachedir` in tdnf.conf",
      },
    ],
    mounts: [
      {
        target: "/var/cache/tdnf",
        sharing: "locked",
        alsoNeeds: "`keepcache=1` in /etc/tdnf/tdnf.conf, for packages to stay",
      },
    ],
    why: metadataStays,
    sources: [
      "vmware/tdnf, README and etc/tdnf/tdnf.conf: cachedir=/var/cache/tdnf, keepcache",
      "VMware Photon OS documentation, Tdnf: tdnf clean all, --installroot",
    ],
  }),
  packageManager({
    id: "urpmi",
    title: "urpmi",
    programs: /^(urpmi|gurpmi)$/,
    fills: /./,
    cleans: /^(?!)/,
    folders: ["/var/cache/urpmi"],
    leave: "it removes the packages itself once they are installed",
    keeps: "nothing",
    writes: [
      {
        path: "/var/cache/urpmi/rpms",
        holds: "packages while they are being installed",
      },
      { path: "/var/lib/urpmi", holds: "lists of the media, which later calls need" },
    ],
    why: "`post-clean` is on by default; the lists belong to the media's configuration.",
    sources: ["urpmi.cfg(5): post-clean; urpmi.files(5)"],
  }),
];
