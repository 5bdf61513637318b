/**
 * Comments that tools read as an order about the next instruction. One that stood above a
 * RUN which moves into another one would end up in the middle of it and be lost on its tool.
 */
const directives: readonly RegExp[] = [
  /^dockerslim-ignore/,
  /^hadolint\s/,
  /^check\s*=/,
  /^(syntax|escape)\s*=/,
  /^dockerfmt-ignore/,
  /^tally\s/,
  /^renovate:/,
  /^(checkov|bridgecrew|cs):skip/,
  /^(trivy|tfsec):ignore/,
  /^(nosemgrep|nosec|noqa|skipcq|NOSONAR|kics-scan|snyk:|dockle|pragma:)/,
];

export function isDirectiveComment(text: string): boolean {
  return directives.some((pattern) => pattern.test(text));
}
