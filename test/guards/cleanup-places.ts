import { shownByFixtures } from "./guard.ts";

const filling = "src/rewrite/cleanup/cache-filling.ts";
const nested = "src/rewrite/cleanup/nested-commands.ts";
const readers = "src/rewrite/cleanup/list-readers.ts";
const rights = "src/rewrite/cleanup/cleanup-rights.ts";
const root = "src/rewrite/cleanup/known-root.ts";
const rootOnly = "src/knowledge/root-commands.ts";
const packaged = "src/rewrite/cleanup/packaged-place.ts";

/** Guards of where a cache is, whose it is, and who may remove it. */
export const cleanupPlaceGuards = shownByFixtures("clean-package-cache", [
  [
    "root-by-another-user",
    root,
    "stateBefore(run, dockerfile).user === undefined &&",
    "",
    "a home folder of an unknown user that is taken for root's",
    "user-of-an-unknown-image-before-root",
  ],
  [
    "root-by-a-command-that-may-fail",
    root,
    "succeedsOnlyWith(last.command, isOne) ||",
    "commands.some(({ node }) => isOne(node)) ||",
    "a user that only tried what root can",
    "user-of-an-unknown-image-may-fail-to-install",
  ],
  [
    "root-by-sudo",
    root,
    "prefixWords.length === 0 &&",
    "",
    "a user that needs sudo",
    "user-of-an-unknown-image-installs-by-sudo",
  ],
  [
    "root-in-another-folder",
    rootOnly,
    "!args.some((arg) => elsewhere.test(arg))",
    "args.length > 0",
    "an install into a folder that may be anybody's",
    "user-of-an-unknown-image-installs-elsewhere",
  ],
  [
    "home-set-by-the-file",
    rights,
    'return knownBy && env.get("HOME") === "/root" ? "/root" : undefined;',
    'return "~";',
    "a home folder that root's files may be in",
    "npm-that-replaces-itself-with-a-home-of-its-own",
  ],
  [
    "packaged-other-origin",
    packaged,
    "|| place.others.test(dockerfile.text)",
    "",
    "a folder that the Ruby in use doesn't have",
    "gem-of-debian-with-another-ruby",
  ],
  [
    "packaged-by-others",
    packaged,
    "|| !keepsDefaultShell(image)",
    "",
    "a folder of an image that isn't known",
    "gem-of-an-image-on-debian-by-others",
  ],
  [
    "written-use",
    filling,
    '(inner?.program === "rm" &&',
    "(inner !== undefined ||",
    "a script of the file that uses the cache",
    "pecl-whose-sources-are-used-by-a-written-script",
  ],
  [
    "nested-reader",
    readers,
    'nested !== undefined && manager.id !== "apt" && readsInText(nested, manager)',
    "nested !== undefined && nested === manager.id",
    "an install inside su -c that relies on the cache",
    "inside-su-c-needed-later",
  ],
  [
    "nested-program",
    filling,
    "if (isInOwnShell) return",
    "if (isInOwnShell && fills.length === 0) return",
    "a clean-up whose program only the nested shell finds",
    "inside-bash-c-that-finds-its-program",
  ],
  [
    "nested-list-that-may-fail",
    nested,
    "if (!isList || statement.background) return undefined;",
    "if (statement.background) return undefined;",
    "a clean-up behind an install that may not have run",
    "inside-sh-c-with-a-condition-of-its-own",
  ],
  [
    "pattern-that-is-switched-off",
    "src/shell/glob-settings.ts",
    "simpleCommands(script).some((command) => setsNoglob",
    "simpleCommands(script).some((command) => command === undefined && setsNoglob",
    "a clean-up whose pattern matches nothing, or fails",
    "set-noglob",
  ],
  [
    "sudo-that-may-be-missing",
    "src/rewrite/cleanup/cleanup-edits.ts",
    'if (removesOnly && runner === "") return',
    "if (removesOnly) return",
    "a sudo where nothing has shown that there is one",
    "sudo-only-in-a-condition",
  ],
  [
    "script-without-a-network",
    readers,
    'role === "other" && !manager.isIndex',
    "role === undefined",
    "a project's script that installs from the cache alone",
    "npm-script-without-a-network",
  ],
]);
