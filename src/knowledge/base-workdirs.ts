import type { ImageReference } from "../dockerfile/types.ts";
import { keepsDefaultShell } from "./base-shells.ts";

/**
 * Working directories that official images set (their Dockerfiles, docker-library); the
 * others leave it at the root folder.
 */
const officialWorkdirs: readonly (readonly [RegExp, string])[] = [
  [/^php$|^wordpress$|^joomla$|^matomo$|^nextcloud$/, "/var/www/html"],
  [/^drupal$/, "/opt/drupal"],
  [/^golang$/, "/go"],
  [/^gradle$/, "/home/gradle"],
  [/^tomcat$/, "/usr/local/tomcat"],
  [/^jetty$/, "/var/lib/jetty"],
  [/^ghost$/, "/var/lib/ghost"],
  [/^redmine$/, "/usr/src/redmine"],
  [/^(redis|mongo|cassandra|elasticsearch|logstash|kibana|solr)$/, "/data"],
];

/** Undefined where only the image knows it. */
export function baseWorkdir(image: ImageReference): string | undefined {
  if (!keepsDefaultShell(image)) return undefined;
  const name = image.repository?.replace(/^library\//, "") ?? "";
  return officialWorkdirs.find(([pattern]) => pattern.test(name))?.[1] ?? "/";
}

/** Whether an image is likely to have its working directory here or below. */
export function mayBeWorkdir(path: string): boolean {
  return !caches.test(path) && likelyWorkdirs.test(path);
}

const likelyWorkdirs =
  /^\/(app|application|code|data|go|home|opt|project|repo|root|service|source|srv|src|usr\/(local\/)?src|var\/(www|task)|web|work|workdir|workspace)(\/|$)/;

/** Nobody works inside a package manager's cache. */
const caches = /\/\.(cache|npm|cpan|cpanm)(\/|$)/;
