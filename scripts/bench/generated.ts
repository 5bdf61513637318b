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
  comments: (lines) =>
    dockerfile(lines, (n) => [
      `# The reason for step ${n}`,
      "# in two lines",
      `RUN step-${n}`,
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
