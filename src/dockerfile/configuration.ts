/** Instructions that only set the image's configuration: a RUN can neither see nor change it. */
export const configurationKeywords: ReadonlySet<string> = new Set([
  "CMD",
  "ENTRYPOINT",
  "EXPOSE",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "STOPSIGNAL",
]);
