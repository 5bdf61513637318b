import type { ImageReference } from "../dockerfile/types.ts";
import { keepsDefaultShell } from "./base-shells.ts";

/**
 * Official images without a USER (their Dockerfiles, docker-library), in which RUN is run by
 * root, whose home is /root.
 */
const official =
  /^(library\/)?(almalinux|alpine|amazoncorretto|amazonlinux|archlinux|bash|buildpack-deps|busybox|centos|clearlinux|clojure|composer|dart|debian|docker|drupal|eclipse-temurin|elixir|erlang|fedora|gcc|golang|haskell|httpd|hylang|ibmjava|joomla|jruby|julia|mageia|mariadb|matomo|maven|mongo|mysql|nextcloud|nginx|node|openjdk|oraclelinux|perl|photon|php|postgres|pypy|python|r-base|redis|redmine|rockylinux|ruby|rust|sapmachine|swift|tomcat|ubuntu|wordpress)$/;

/** Images of others that have no USER either: rocker-org/rocker-versioned2, nvidia/cuda. */
const others = /^(rocker\/[\w.-]+|nvidia\/cuda)$/;

/** Whether an image is known to run commands as root. */
export function runsAsRoot(image: ImageReference): boolean {
  const { text, registry, repository = "" } = image;
  return keepsDefaultShell(image)
    ? official.test(repository)
    : !text.includes("$") && registry === undefined && others.test(repository);
}
