/**
 * Sizes of official images on disk, linux/amd64, in MB (docker-library/repo-info, September
 * 2026, and Docker Hub for images that have no page there). The first row that matches an
 * image counts; releases of one image differ by a few percent.
 */
const megabytes: readonly (readonly [image: RegExp, size: number])[] = [
  [/^scratch$/, 0],
  [/^gcr\.io\/distroless\/static/, 2],
  [/^gcr\.io\/distroless\/base/, 20],
  [/^gcr\.io\/distroless\/cc/, 23],
  [/^alpine(:|$)/, 8],
  [/^debian:.*slim/, 77],
  [/^debian(:|$)/, 118],
  [/^ubuntu(:|$)/, 78],
  [/^golang:.*alpine/, 247],
  [/^golang(:|$)/, 840],
  [/^node:.*slim/, 228],
  [/^node:.*alpine/, 168],
  [/^node(:|$)/, 1130],
  [/^python:.*slim/, 125],
  [/^python:.*alpine/, 50],
  [/^python(:|$)/, 1010],
  [/^ruby:.*slim/, 158],
  [/^ruby:.*alpine/, 77],
  [/^ruby(:|$)/, 1000],
  [/^rust:.*alpine/, 1020],
  [/^rust:.*slim/, 894],
  [/^rust(:|$)/, 1560],
  [/^gcc(:|$)/, 1560],
  [/^buildpack-deps(:|$)/, 930],
  [/^eclipse-temurin:.*jre-alpine/, 184],
  [/^eclipse-temurin:.*jre/, 264],
  [/^eclipse-temurin:.*alpine/, 335],
  [/^eclipse-temurin:8(?!\d)/, 282],
  [/^eclipse-temurin:/, 422],
  [/^maven:/, 512],
  [/^gradle:/, 812],
];

/** @returns undefined for an image whose size isn't known */
export function imageBytes(image: string): number | undefined {
  const name = image.replace(/^(docker\.io\/)?(library\/)?/, "");
  const size = megabytes.find(([pattern]) => pattern.test(name))?.[1];
  return size === undefined ? undefined : size * 1e6;
}
