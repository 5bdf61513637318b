/**
 * Package managers that leave development dependencies out when told to, and the commands
 * that can do without these. Data only; a program that isn't named here may need them.
 */
export interface DependencyManager {
  readonly id: "npm" | "yarn" | "pnpm" | "composer";
  readonly programs: RegExp;
  /** Subcommands that install the project's dependencies; "" stands for none. */
  readonly installs: RegExp;
  /** Undefined where it depends on the manager's age. */
  readonly flag: string | undefined;
  /** Options that take the next word as their value. */
  readonly valueOptions: readonly string[];
  /** Options that decide about development dependencies, or install something else. */
  readonly decidingOptions: RegExp;
  /** Variables that decide about development dependencies, in upper case. */
  readonly variables: readonly string[];
  /** `NODE_ENV=production` leaves them out. */
  readonly readsNodeEnv: boolean;
  /** Subcommands that don't need the project's development dependencies. */
  readonly harmless: RegExp;
  /** The file that lists the dependencies. */
  readonly manifest: string;
  readonly sources: readonly string[];
}

const nodeValueOptions = [
  "--cache",
  "--cache-folder",
  "--cwd",
  "--dir",
  "--filter",
  "--loglevel",
  "--modules-folder",
  "--mutex",
  "--network-concurrency",
  "--network-timeout",
  "--prefix",
  "--registry",
  "--reporter",
  "--store-dir",
  "--userconfig",
  "--workspace",
  "-C",
  "-F",
  "-w",
];

/** npm documentation, Config: environment variables. */
const npmVariables = ["PRODUCTION", "ONLY", "OMIT", "INCLUDE", "ALSO", "DEV"].map(
  (name) => `NPM_CONFIG_${name}`,
);

export const dependencyManagers: readonly DependencyManager[] = [
  {
    id: "npm",
    programs: /^npm$/,
    installs: /^(install|i|ci|clean-install|install-clean)$/,
    flag: undefined,
    valueOptions: nodeValueOptions,
    decidingOptions:
      /^(--(no-)?(production|prod|only|omit|include|also|dev|global|location|package-lock-only|dry-run)(=|$)|-[a-zA-Z]*[gPD])/,
    variables: npmVariables,
    readsNodeEnv: true,
    harmless:
      /^(cache|config|set|get|ls|list|audit|fund|pkg|prune|dedupe|rebuild|root|prefix|version|view|whoami|login|install|i|ci|uninstall|update)$/,
    manifest: "package.json",
    sources: [
      "npm 10 documentation, npm install: omit, include, only, production, NODE_ENV",
      "npm 7.0.0 changelog: omit and include take the place of only and also",
      "npm 6 documentation, npm install: --only={prod[uction]|dev[elopment]}",
    ],
  },
  {
    id: "yarn",
    programs: /^yarn(pkg)?$/,
    installs: /^(|install)$/,
    flag: "--production",
    valueOptions: nodeValueOptions,
    decidingOptions: /^(--(production|prod|flat|focus)(=|$)|--(version|help)$|-[vhg]$)/,
    variables: ["NPM_CONFIG_PRODUCTION", "YARN_PRODUCTION"],
    readsNodeEnv: true,
    harmless: /^(|install|cache|config|global|list|versions?|check|licenses|policies)$/,
    manifest: "package.json",
    sources: ["Yarn 1 documentation, yarn install: --production"],
  },
  {
    id: "pnpm",
    programs: /^pnpm$/,
    installs: /^(install|i)$/,
    flag: "--prod",
    valueOptions: nodeValueOptions,
    decidingOptions:
      /^(--(prod|production|dev|no-dev|global|lockfile-only)(=|$)|-[gPD]$)/,
    variables: npmVariables,
    readsNodeEnv: true,
    harmless: /^(install|i|fetch|store|config|list|ls|prune|root|setup)$/,
    manifest: "package.json",
    sources: ["pnpm documentation, pnpm install: --prod, NODE_ENV"],
  },
  {
    id: "composer",
    programs: /^composer(\.phar)?$/,
    installs: /^install$/,
    flag: "--no-dev",
    valueOptions: ["-d", "--working-dir"],
    decidingOptions: /^--(no-dev|dev|dry-run|download-only)$/,
    variables: ["COMPOSER_NO_DEV", "APP_ENV"],
    readsNodeEnv: false,
    harmless:
      /^(install|global|config|clear-?cache|cc|dump-?autoload|check-platform-reqs|self-?update|diagnose|show)$/,
    manifest: "composer.json",
    sources: [
      "Composer documentation, Command-line interface: install --no-dev, COMPOSER_NO_DEV",
      "Symfony documentation, Deployment: --no-dev with APP_ENV=prod",
    ],
  },
];

/** Tools of the system, and servers, which load nothing of a project's dependencies. */
export const indifferentPrograms =
  /^([:[]|a2(en|dis)(mod|site|conf)|add(group|user)|apache2-foreground|apache2ctl|apk|apt|apt-get|apt-key|aptitude|basename|bunzip2|bzip2|cat|cd|chgrp|chmod|chown|chsh|corepack|cp|curl|cut|date|del(group|user)|df|dirname|dnf|docker-php-ext-(configure|enable|install)|dos2unix|dpkg|dpkg-reconfigure|du|echo|exit|export|false|fc-cache|find|getent|gpg|[ef]?grep|group(add|del|mod)|gem|git|g?unzip|gzip|head|httpd|id|install|jq|ldconfig|ln|locale-gen|ls|md5sum|microdnf|mkdir|mktemp|mv|nc|nginx|openssl|passwd|pear|pecl|pg_isready|php-fpm[\d.]*|pip[\d.]*|printf|pwd|readlink|realpath|redis-cli|rm|rmdir|sed|set|setcap|sha\d+sum|sleep|sort|ssh-key(gen|scan)|stat|tail|tar|tee|test|touch|tr|true|umask|uname|uniq|unlink|unset|update-ca-certificates|user(add|del|mod)|wait|wc|wget|which|whoami|xz|yum|zip)$/;

/** Programs that run the command behind their options. */
export const initPrograms =
  /^(tini|tini-static|dumb-init|catatonit|docker-php-entrypoint)$/;

/** What `node` can start without development dependencies: a plain script. */
export const startedScript =
  /^(?!.*(node_modules|webpack|gulp|grunt|vite|jest|mocha|nodemon|ts-node)|ace$)[\w./@][\w./@-]*$/;
export const notStarted = /\.(ts|tsx|mts|cts|jsx)$|test|spec/;

/** Options of `node` that load nothing further (Node.js documentation, Command-line API). */
export const plainNodeOptions =
  /^--(max[-_]old[-_]space[-_]size=\d+|enable-source-maps|no-(warnings|deprecation)|trace-(warnings|uncaught|deprecation)|unhandled-rejections=\w+|expose-gc|es-module-specifier-resolution=node|experimental-(modules|json-modules|vm-modules|fetch)|harmony|dns-result-order=\w+|use-openssl-ca|http-server-default-timeout=\d+)$/;

/** Laravel's own commands that a deployment runs (Laravel documentation, Deployment). */
export const artisanCommands =
  /^(config|route|view|event|cache|optimize|storage|key|migrate|package|queue|schedule|vendor)(:[\w-]+)?$/;

/**
 * The first Node.js whose images come with npm 7, which knows `--omit` (nodejs.org, previous
 * releases). npm 6 takes an unknown option without a word, and ignores it.
 */
export const firstNodeWithOmit = 15;

/** The first Node.js whose images come with npm 6; older ones have `--production` alone. */
export const firstNodeWithOnly = 8;

/** Code names of Node.js's long-term releases, as tags have them. */
export const nodeCodeNames: ReadonlyMap<string, number> = new Map([
  ["argon", 4],
  ["boron", 6],
  ["carbon", 8],
  ["dubnium", 10],
  ["erbium", 12],
  ["fermium", 14],
  ["gallium", 16],
  ["hydrogen", 18],
  ["iron", 20],
  ["jod", 22],
  ["krypton", 24],
]);
