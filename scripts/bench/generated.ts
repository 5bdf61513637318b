/** Dockerfiles of any length, each of a kind that stresses something else. */
export const generators: Readonly<Record<string, (lines: number) => string>> = {
  "RUN one-liners": (lines) => dockerfile(lines, (n) => [`RUN tool-${n} --level=${n}`]),
  "continued RUNs": (lines) =>
    dockerfile(lines, (n) => [
      `RUN cd /src/part-${n} \\`,
      `    && ./configure --prefix=/opt/part-${n} || exit 1; \\`,
      "    # Only the library is needed \\",
      `    make -j4 && make install`,
    ]),
  "one long RUN": (lines) =>
    `FROM debian:12\nRUN true \\\n${repeat(lines - 3, (n) => [`    && tool-${n} \\`])}    && true\n`,
  "ENV and RUN": (lines) =>
    dockerfile(lines, (n) => [
      `ENV VALUE_${n}="$VALUE_${n - 1}:${n}"`,
      `RUN tool "$VALUE_${n}"`,
    ]),
  "many COPYs": (lines) =>
    dockerfile(lines, (n) => [
      `COPY part-${n} /srv/`,
      `RUN make -C /srv/part-${n}`,
      `RUN make -C /srv/part-${n} install`,
    ]),
  "many ARGs and ENVs": (lines) =>
    dockerfile(lines, (n) => [
      `ARG VERSION_${n}=1.${n}`,
      `ENV HOME_${n}=/opt/part-${n}-$VERSION_${n}`,
      `RUN rm -rf /opt/part-${n}/$VERSION_${n}`,
      `RUN tool --home=$HOME_${n}`,
    ]),
  "other shells, users and folders": (lines) =>
    dockerfile(lines, (n) => [
      `SHELL ["/bin/${n % 2 === 0 ? "bash" : "sh"}", "-e", "-c"]`,
      `USER user-${n}`,
      `WORKDIR part-${n}`,
      `RUN rm -rf ../part-${n - 1}`,
      `RUN tool-${n}`,
    ]),
  "LABELs between": (lines) =>
    dockerfile(lines, (n) => [`RUN tool-${n}`, `LABEL step-${n}="done"`, `EXPOSE ${n}`]),
  "short stages": (lines) =>
    dockerfile(lines, (n) => [
      "FROM debian:12",
      `RUN apt-get update`,
      `RUN apt-get install -y package-${n}`,
    ]),
  "many stages": (lines) =>
    dockerfile(lines, (n) => [
      `FROM debian:12 AS stage-${n}`,
      ...(n === 0 ? [] : [`COPY --from=stage-${n - 1} /out /in`]),
      `RUN make -C /in`,
      `RUN mv /in /out`,
    ]),
  "stages on stages": (lines) =>
    dockerfile(lines, (n) => [
      `FROM ${n === 0 ? "debian:12" : `stage-${n - 1}`} AS stage-${n}`,
      `RUN tool-${n}`,
      `RUN rm -rf /tmp/tool-${n}`,
    ]),
  "stages that stand on each other and install": (lines) =>
    dockerfile(lines, (n) => [
      `FROM ${n === 0 ? "debian:12" : `stage-${n - 1}`} AS stage-${n}`,
      `RUN apt-get update && apt-get install -y package-${n}`,
      `RUN yarn install --frozen-lockfile`,
      "RUN apk update && apk add module",
      "RUN pip install module && ./part.sh",
    ]),
  "stages on one stage": (lines) =>
    dockerfile(lines, (n) => [
      ...(n === 0 ? ["FROM debian:12 AS base"] : [`FROM base AS stage-${n}`]),
      `RUN apt-get update && apt-get install -y package-${n}`,
      `RUN tool-${n}`,
    ]),
  "stages copied as a whole": (lines) =>
    dockerfile(lines, (n) => [
      `FROM debian:12 AS stage-${n}`,
      ...(n === 0 ? [] : [`COPY --from=stage-${n - 1} / /`]),
      `RUN apt-get update && apt-get install -y package-${n}`,
      `RUN tool-${n}`,
    ]),
  comments: (lines) =>
    dockerfile(lines, (n) => [
      `# The reason for step ${n}`,
      "# in two lines",
      `RUN step-${n}`,
    ]),
  "long comments and empty lines": (lines) =>
    dockerfile(lines, (n) => [
      ...Array.from({ length: 20 }, (_, m) => `# ${"Why it is so. ".repeat(m % 10)}`),
      ...Array.from({ length: 10 }, () => (n % 2 === 0 ? "" : "   ")),
      `RUN step-${n} # as said above`,
      "",
    ]),
  "comments inside a RUN": (lines) =>
    `FROM debian:12\nRUN true \\\n${repeat(lines - 4, (n) => [
      `    # Step ${n}`,
      "",
      `    && tool-${n} \\`,
    ])}    && true\nRUN false\n`,
  "comments to other tools": (lines) =>
    dockerfile(lines, (n) => [
      "# hadolint global ignore=DL1000",
      "# dockerslim-ignore-file no-such-transform",
      `# hadolint ignore=DL3000`,
      `RUN apt-get install -y package-${n}`,
    ]),
  heredocs: (lines) =>
    dockerfile(lines, (n) => [
      "RUN <<EOF",
      `tool-${n}`,
      "EOF",
      "RUN rm -rf /tmp/work",
      `RUN tool-${n}`,
      `COPY <<EOF /etc/tool-${n}`,
      `level=${n}`,
      "EOF",
    ]),
  "one long heredoc": (lines) =>
    `FROM debian:12\nRUN <<EOF\n${repeat(lines - 3, (n) => [`tool-${n}`])}EOF\n`,
  "one RUN with semicolons": (lines) =>
    `FROM debian:12\nRUN true; \\\n${repeat(lines - 4, (n) => [`    tool-${n}; \\`])}    true\nRUN tool\n`,
  "one RUN under set -e": (lines) =>
    `FROM debian:12\nRUN set -e; \\\n${repeat(lines - 4, (n) => [`    tool-${n}; \\`])}    true\nRUN tool\n`,
  "one RUN of alternatives": (lines) =>
    `FROM debian:12\nRUN true && \\\n${repeat(lines - 4, (n) => [`    tool-${n} || other-${n} && \\`])}    true\nRUN tool\n`,
  "one RUN of conditions": (lines) =>
    `FROM debian:12\nRUN true; \\\n${repeat(lines - 4, (n) => [`    if tool-${n}; then export A=${n}; fi; \\`])}    true\nRUN tool\n`,
  "one RUN that installs": (lines) =>
    `FROM debian:12\nRUN true \\\n${repeat(lines - 4, (n) => [
      `    && apt-get install -y package-${n} \\`,
      `    && pip install module-${n} \\`,
    ])}    && true\nRUN tool\n`,
  "one RUN of packages": (lines) =>
    `FROM debian:12\nRUN apt-get install -y \\\n${repeat(lines - 4, (n) => [`    package-${n} \\`])}    last\nRUN tool\n`,
  "small conditions": (lines) =>
    dockerfile(lines, (n) => [`RUN if tool-${n}; then export A=${n}; fi`]),
  "small alternatives": (lines) =>
    dockerfile(lines, (n) => [`RUN tool-${n} || other-${n}`]),
  "folders and variables": (lines) =>
    dockerfile(lines, (n) => [`RUN cd /src/part-${n}`, `RUN export A=${n}; tool-${n}`]),
  "small errexit lists": (lines) =>
    dockerfile(lines, (n) => [`RUN set -ex; tool-${n}; other-${n}`]),
  "installs alone": (lines) =>
    dockerfile(lines, (n) => [`RUN apt-get install -y package-${n}`]),
  "updates and installs": (lines) =>
    dockerfile(lines, (n) => [
      `RUN apt-get update && apt-get install -y package-${n}`,
      `WORKDIR /srv/part-${n}`,
    ]),
  "installs with apk": (lines) =>
    dockerfile(lines, (n) => [
      "RUN apk update",
      `RUN apk add package-${n}`,
      "RUN rm -rf /var/cache/apk/*",
      `ENV PART=${n}`,
    ]),
  "installs with npm, yarn and yum": (lines) =>
    dockerfile(lines, (n) => [
      `COPY package-${n}/package.json .`,
      `RUN npm install`,
      `RUN yarn install --production`,
      `RUN yum install -y package-${n}`,
      `RUN conda install package-${n}`,
    ]),
  "scripts of the context": (lines) =>
    dockerfile(lines, (n) => [
      `COPY part-${n}.sh /srv/`,
      `RUN apt-get update && apt-get install -y package-${n} && pip install module`,
      `RUN /srv/part-${n}.sh`,
    ]),
  "package installs": (lines) =>
    dockerfile(lines, (n) => [
      "RUN apt-get update",
      `RUN apt-get install -y package-${n}`,
      `RUN pip install module-${n}`,
      `COPY part-${n} /srv/`,
    ]),
};

function dockerfile(lines: number, part: (n: number) => readonly string[]): string {
  return `FROM debian:12\n${repeat(lines - 1, part)}`;
}

/** Parts one after another, up to a number of lines that no part is cut for. */
function repeat(lines: number, part: (n: number) => readonly string[]): string {
  const all: string[] = [];
  for (let n = 0; ; n += 1) {
    const next = part(n);
    if (all.length + next.length > lines) break;
    all.push(...next);
  }
  return all.map((line) => `${line}\n`).join("");
}
