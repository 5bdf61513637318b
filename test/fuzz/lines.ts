/** Lines that stand between RUNs, and images that stages stand on. */

/** Between two RUNs these change nothing that a RUN sees. */
export const configuration = [
  "LABEL a=b",
  'LABEL a="b c" ^\n      d=e',
  "EXPOSE 80",
  'CMD ["make"]',
  "CMD make && go",
  'ENTRYPOINT ["go"]',
  "HEALTHCHECK CMD go || exit 1",
  "HEALTHCHECK NONE",
  "STOPSIGNAL SIGINT",
  "MAINTAINER somebody",
];

export const barriers = [
  "ENV A=1",
  "ENV A 1",
  "ENV PIP_NO_CACHE_DIR=1",
  "ENV PATH=/opt/bin:$PATH B=2",
  "ARG A",
  "ARG A=1",
  "USER app",
  "USER root",
  "WORKDIR /w",
  "WORKDIR src",
  "COPY . .",
  "COPY --chown=app package.json yarn.lock ./",
  "COPY <<EOF /etc/conf\na=b\nEOF",
  "ADD https://example.org/a.tgz /tmp/",
  "VOLUME /data",
  'SHELL ["/bin/bash", "-c"]',
  'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]',
  'SHELL ["/bin/sh", "-c"]',
  'SHELL ["pwsh", "-Command"]',
  "ONBUILD RUN make",
  "ONBUILD RUN apt-get install -y x",
];

export const comments = [
  "# note",
  '# it\'s && "more" \\',
  "  # indented",
  "#",
  "",
  "",
  "   ",
  "# hadolint ignore=DL3008",
  "# hadolint ignore=DL3059",
  "# dockerslim-ignore",
  "# dockerslim-ignore merge-runs -- reason",
  "# dockerslim-ignore no-cache-flags,clean-package-cache",
  "# check=skip=all",
  "# renovate: datasource=github-tags",
  "# tally ignore=x",
];

export const images = [
  "debian:12",
  "alpine:3.20",
  "ubuntu:24.04",
  "python:3.12-slim",
  "node:20-alpine",
  "fedora:40",
  "centos:7",
  "archlinux",
  "opensuse/leap:15.6",
  "example/app:1",
  "ghcr.io/example/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "scratch",
  "--platform=$BUILDPLATFORM golang:1.22",
];
