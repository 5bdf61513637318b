/** Names that a folder is searched for; matched without regard to case. */
export const dockerfilePatterns: readonly string[] = [
  "**/Dockerfile",
  "**/Dockerfile.*",
  "**/*.Dockerfile",
  "**/Containerfile",
  "**/Containerfile.*",
];

/** The same as one expression, for the last part of a path. */
const dockerfileName = /^(?:dockerfile|containerfile)(?:\..*)?$|\.dockerfile$/i;

/** Whether a file of this name is taken for a Dockerfile. */
export function isDockerfileName(name: string): boolean {
  return dockerfileName.test(name) && !isLookalike(name);
}

const notDockerfiles = [
  /\.dockerignore$/i,
  /\.containerignore$/i,
  // Templates become Dockerfiles only after a program has filled them in.
  /\.(tmpl|tpl|template|j2|jinja|jinja2|erb|in|mustache|gotmpl|hbs|ejs|liquid|njk|m4)$/i,
  // Copies that editors and patch tools leave behind.
  /~$/,
  /\.(swp|swo|swx|orig|bak|rej)$/i,
  /^#.*#$/,
  // write-file-atomic's temporary files, of which a killed run may leave one: a 32-bit hash
  // in decimal, so that one in four thousand has less than seven digits.
  /\.\d{7,10}$/,
];

/** Whether a file that was found, not named, is no Dockerfile after all. */
export function isLookalike(name: string): boolean {
  return notDockerfiles.some((pattern) => pattern.test(name));
}
