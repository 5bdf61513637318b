import type { ImageReference } from "../dockerfile/types.ts";
import { keepsDefaultShell } from "./base-shells.ts";

/**
 * Official images without a USER (their Dockerfiles, docker-library), in which RUN is run by
 * root, whose home is /root. Not redmine, which sets HOME to another folder.
 */
const official =
  /^(library\/)?(almalinux|alpine|amazoncorretto|amazonlinux|archlinux|bash|buildpack-deps|busybox|centos|clearlinux|clojure|composer|dart|debian|docker|drupal|eclipse-temurin|elixir|erlang|fedora|gcc|golang|haskell|httpd|hylang|ibmjava|joomla|jruby|julia|mageia|mariadb|matomo|maven|mongo|mysql|nextcloud|nginx|node|openjdk|oraclelinux|perl|photon|php|postgres|pypy|python|r-base|redis|rockylinux|ruby|rust|sapmachine|swift|tomcat|ubuntu|wordpress)$/;

/** Tags of these that do have one: docker:dind-rootless, wordpress:cli (docker-library). */
const otherUsers = /(^|-)(rootless|cli)(-|$)/;

/**
 * Images of others that have no USER either: nvidia/cuda, and those of
 * rocker-org/rocker-versioned2 but for rocker/binder, whose user is jovyan.
 */
const others = /^(rocker\/(?!binder$)[\w.-]+|nvidia\/cuda)$/;

/** Whether an image is known to run commands as root. */
export function runsAsRoot(image: ImageReference): boolean {
  const { text, registry, repository = "", tag = "" } = image;
  return keepsDefaultShell(image)
    ? official.test(repository) && !hasOtherUser(repository, tag, text)
    : !text.includes("$") && registry === undefined && others.test(repository);
}

/** A tag that a build argument decides may be any. */
function hasOtherUser(repository: string, tag: string, text: string): boolean {
  return (
    /^(library\/)?(docker|wordpress)$/.test(repository) &&
    (text.includes("$") || otherUsers.test(tag))
  );
}

/**
 * The user that an image runs as, where it has its own: Gradle's images did up to version 5
 * (keeganwitt/docker-gradle, Dockerfiles).
 */
export function ownUser({
  repository = "",
  tag = "",
}: ImageReference): string | undefined {
  return /^(library\/)?gradle$/.test(repository) && /^[1-5]\./.test(tag)
    ? "gradle"
    : undefined;
}
