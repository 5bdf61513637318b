import { shownByFixtures } from "./guard.ts";

const readers = "src/rewrite/cleanup/list-readers.ts";
const piped = "src/rewrite/cleanup/piped-script.ts";
const removal = "src/rewrite/cleanup/package-removal.ts";

/** Guards of who may still read apt's lists. */
export const aptReaderGuards = shownByFixtures("clean-package-cache", [
  [
    "unknown-program",
    readers,
    "if (invocation.program === undefined) return true;",
    "",
    "a script that a variable names and that finds no lists",
    "later-script-by-a-variable",
  ],
  [
    "copied-program",
    readers,
    "isCopiedProgram(command, manager, dockerfile)",
    "false",
    "a program of the build context that finds no lists",
    "later-program-from-the-build-context",
  ],
  [
    "sourced-alone",
    readers,
    "(isSourced && isEnvironmentScript(script))",
    "isEnvironmentScript(script)",
    "a set-up script that finds no lists",
    "cache-mount-apt-beside-a-script",
  ],
  [
    "script-from-input",
    readers,
    "mayInstallPackages(invocation) || runsUnknownInput(command)",
    "mayInstallPackages(invocation)",
    "a downloaded script that finds no lists",
    "later-script-from-a-pipe",
  ],
  [
    "script-from-a-redirection",
    piped,
    'if (node.redirects.some(({ operator }) => operator.startsWith("<"))) return true;',
    "",
    "a script on standard input that finds no lists",
    "later-script-from-a-file",
  ],
  [
    "removal-of-another-package",
    removal,
    "names.every((name) => before.some((one) => one.name === name))",
    "names.length > 0",
    "apt removing a package that it no longer knows",
    "later-purge-of-what-may-not-be-there",
  ],
  [
    "removal-behind-a-condition",
    removal,
    'action === "install" && isSureToRun(command, program.script)',
    'action === "install"',
    "apt removing a package that a condition didn't install",
    "later-purge-of-what-a-condition-installed",
  ],
]);
