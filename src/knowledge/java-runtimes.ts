import type { ImageReference } from "../dockerfile/types.ts";

/**
 * Images with a Java runtime alone, by the image with the compiler: the same vendor, major
 * version, and distribution. Sources: docker-library/official-images (library/openjdk,
 * library/eclipse-temurin, library/maven, library/gradle, library/adoptopenjdk and their
 * history; keeganwitt/docker-gradle), docs of azul/zulu-openjdk and bellsoft/liberica on Docker Hub.
 *
 * OpenJDK's own images have none from version 12 on; Temurin's have none for version 16.
 */
const rules: readonly Rule[] = [
  {
    // Alpine's are there for versions 7 and 8 alone.
    repository: /^(openjdk|java)$/,
    tag: /^((?:[78](?:u\d+)?|11(?:\.0(?:\.\d+)?)?))(?:-jdk)?((?:-slim)?(?:-(?:jessie|stretch|buster|bullseye))?)$/,
    image: ([, version, suffix], repository) => `${repository}:${version}-jre${suffix}`,
  },
  {
    // Given up in 2016: its newest is version 8.
    repository: /^java$/,
    tag: /^(?:latest)?$/,
    image: () => "java:8-jre",
  },
  {
    repository: /^java$/,
    tag: /^openjdk-([78])(?:-jdk)?$/,
    image: ([, version]) => `java:openjdk-${version}-jre`,
  },
  {
    repository: /^(openjdk|java)$/,
    tag: /^([78](?:u\d+)?)(?:-jdk)?(-alpine(?:\d\.\d+)?)$/,
    image: ([, version, suffix], repository) => `${repository}:${version}-jre${suffix}`,
  },
  {
    repository: /^eclipse-temurin$/,
    tag: /^((?:8|11|17|18|19|2\d)(?:u\d+-b\d+|\.0\.[2-9]\d*(?:\.\d+)*_\d+)?)(?:-jdk)?((?:-alpine(?:-3\.\d+)?|-focal|-jammy|-noble)?)$/,
    image: ([, version, suffix]) => `eclipse-temurin:${version}-jre${suffix}`,
  },
  {
    repository: /^adoptopenjdk$/,
    tag: /^(8|11)(?:-jdk)?(-hotspot|-openj9)((?:-bionic|-focal)?)$/,
    image: ([, version, machine, suffix]) =>
      `adoptopenjdk:${version}-jre${machine}${suffix}`,
  },
  {
    repository: /^maven$/,
    tag: /^3(?:\.\d+)*-(?:open)?jdk-(7|8|11)((?:-slim)?)$/,
    image: ([, version, suffix]) => `openjdk:${version}-jre${suffix}`,
  },
  {
    repository: /^maven$/,
    tag: /^3(?:\.\d+)*-(?:open)?jdk-([78])-alpine$/,
    image: ([, version]) => `openjdk:${version}-jre-alpine`,
  },
  {
    repository: /^maven$/,
    tag: /^3\.[35](?:\.\d+)?-alpine$/,
    image: () => "openjdk:8-jre-alpine",
  },
  {
    repository: /^maven$/,
    tag: /^3(?:\.\d+)*-adoptopenjdk-(8|11)$/,
    image: ([, version]) => `adoptopenjdk:${version}-jre-hotspot`,
  },
  {
    repository: /^maven$/,
    tag: /^[34](?:\.\d+)*-eclipse-temurin-(8|11|17|18|19|2\d)((?:-alpine|-focal|-jammy|-noble)?)$/,
    image: ([, version, suffix]) => `eclipse-temurin:${version}-jre${suffix}`,
  },
  {
    // Gradle's images stand on Temurin's since 7.2.
    repository: /^gradle$/,
    tag: /^(?:(?:7\.[2-9]|[89]|1\d)(?:\.\d+)*-)?jdk-?(8|11|17|18|19|2\d)((?:-alpine|-focal|-jammy|-noble)?)$/,
    image: ([, version, suffix]) => `eclipse-temurin:${version}-jre${suffix}`,
  },
  {
    // Those of older versions stand on OpenJDK's own.
    repository: /^gradle$/,
    tag: /^(?:3|4|5\.[0-3])(?:\.\d+)*-jdk(7|8)((?:-slim|-alpine)?)$/,
    image: ([, version, suffix]) => `openjdk:${version}-jre${suffix}`,
  },
  {
    repository: /^azul\/zulu-openjdk(-alpine|-debian)?$/,
    tag: /^(8|11|17|21)$/,
    image: ([, version], repository) => `${repository}:${version}-jre`,
  },
  {
    repository: /^bellsoft\/liberica-openjdk-(alpine|debian)$/,
    tag: /^(8|11|17|21)$/,
    image: ([, version], repository) =>
      `${repository.replace("openjdk", "openjre")}:${version}`,
  },
];

interface Rule {
  readonly repository: RegExp;
  readonly tag: RegExp;
  image(tag: readonly string[], repository: string): string;
}

/** @returns undefined where there is no such image, or where its version can't be told */
export function javaRuntimeOf(image: ImageReference): string | undefined {
  const { registry, repository = "", tag = "", digest, text } = image;
  if (text.includes("$") || digest !== undefined) return undefined;
  if (registry !== undefined && registry !== "docker.io") return undefined;
  const name = repository.replace(/^library\//, "");
  for (const rule of rules) {
    if (!rule.repository.test(name)) continue;
    const match = rule.tag.exec(tag);
    if (match) return rule.image(match, name);
  }
  return undefined;
}

/**
 * Debian's and Ubuntu's packages with a Java runtime alone, by the package with the compiler
 * (packages.debian.org, packages.ubuntu.com).
 */
export function javaRuntimePackage(name: string): string | undefined {
  return /^(default-jdk|openjdk-\d+-jdk)(-headless)?$/.test(name)
    ? name.replace("-jdk", "-jre")
    : undefined;
}
