/** Pairs that differ by a clean-up or an option too many: the oracle has to tell each apart. */
import type { ExamplePair } from "./pair.ts";
import { pair, runs } from "./pair.ts";

export const wrongCleanupPairs: readonly ExamplePair[] = [
  pair(
    "lists removed before their reader",
    runs("apt-get update && apt-get install -y a", "apt-get install -y b"),
    runs(
      "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* && apt-get install -y b",
    ),
  ),
  pair(
    "lists removed before a reader in a child stage",
    "FROM x AS a\nRUN apt-get update && apt-get install -y a\nFROM a\nRUN apt-get install -y b\n",
    "FROM x AS a\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nFROM a\nRUN apt-get install -y b\n",
  ),
  pair(
    "a clean-up hides a failure",
    runs("apt-get install -y a"),
    runs("apt-get install -y a; rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "a clean-up stops a build that went on",
    runs("apt-get install -y a; b"),
    runs("apt-get install -y a && rm -rf /var/lib/apt/lists/* && b"),
  ),
  pair(
    "a clean-up removes something else",
    runs("apt-get install -y a"),
    runs("apt-get install -y a && rm -rf /var/lib/apt"),
  ),
  pair(
    "a clean-up of the whole machine",
    runs("pip install a"),
    runs("pip install a && rm -rf /"),
  ),
  pair(
    "a clean-up that was there is gone",
    runs("yum install -y a && yum clean all"),
    runs("yum install -y a"),
  ),
  pair(
    "apk update dropped before an add that needs it",
    runs("apk update && apk add a"),
    runs("apk add a"),
  ),
  pair(
    "apk update dropped before an upgrade",
    runs("apk update && apk upgrade && apk add a"),
    runs("apk upgrade && apk add --no-cache a"),
  ),
  pair(
    "the apk cache is kept for an add without the flag",
    runs("apk add a && rm -rf /var/cache/apk/*"),
    runs("apk add a"),
  ),
  pair(
    "a clean-up that fails where there is no cache is dropped",
    runs("apk add a && rm /var/cache/apk/*"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "a clean-up that fails on a folder is dropped",
    runs("apk add a && rm -f /var/cache/apk"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "a removal that asks is dropped",
    runs("apk add a && rm -rfi /var/cache/apk/*"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "a removal of more than the apk cache is dropped",
    runs("apk add a && rm -f /var/cache/apk/* /etc/apk/keys/*"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "another word is dropped with the apk cache",
    runs("apk add a && rm -rf /x /y /var/cache/apk/*"),
    runs("apk add --no-cache a && rm -rf /x"),
  ),
  pair(
    "the apk cache as one word is dropped beside an add that fills it",
    runs("apk add a && apk add b && rm -rf /x /var/cache/apk/*"),
    runs("apk add --no-cache a && apk add b && rm -rf /x"),
  ),
  pair(
    "apk update dropped before a query of the index",
    runs("apk update && apk add a && apk info -a b"),
    runs("apk add --no-cache a && apk info -a b"),
  ),
  pair(
    "apk update dropped where nothing fetches the index",
    runs("apk update", "a"),
    runs("a"),
  ),
  pair(
    "apk update dropped below a stage that needs it",
    "FROM x AS a\nRUN apk update && apk add b\nFROM a\nRUN apk add c\n",
    "FROM x AS a\nRUN apk add --no-cache b\nFROM a\nRUN apk add c\n",
  ),
  pair(
    "the apk cache of the stage below is kept",
    "FROM x AS a\nRUN apk add b\nFROM a\nRUN apk add c && rm -rf /var/cache/apk/*\n",
    "FROM x AS a\nRUN apk add b\nFROM a\nRUN apk add --no-cache c\n",
  ),
  pair(
    "-U dropped beside what is too short for the flag",
    runs("apk add --no-c -U a"),
    runs("apk add --no-c a"),
  ),
  pair(
    "a clean-up moved over a command",
    runs("yarn install && yarn cache clean && a"),
    runs("yarn install && a && yarn cache clean"),
  ),
  pair(
    "another manager's clean-up takes the place of the one that was there",
    runs("npm ci && yarn cache clean"),
    runs("npm ci && npm cache clean --force"),
  ),
  pair(
    "a clean-up that was there runs in another folder",
    runs("npm ci", "cd /w && npm cache clean --force"),
    runs("npm ci && npm cache clean --force"),
  ),
  pair(
    "a clean-up with an option of its own",
    runs("apt-get install -y a"),
    runs("apt-get install -y a && rm -rfv /var/lib/apt/lists/*"),
  ),
  pair(
    "a flag that isn't one of a cache",
    runs("apt-get install -y a"),
    runs("apt-get install -y --no-install-recommends a"),
  ),
  pair(
    "a flag taken as a value",
    runs("pip install -r r.txt"),
    runs("pip install -r --no-cache-dir r.txt"),
  ),
  pair("a no-cache flag is lost", runs("apk add --no-cache a"), runs("apk add a")),
  pair(
    "a clean-up that lacks the right",
    "FROM x\nUSER u\nRUN sudo apt-get install -y a\n",
    "FROM x\nUSER u\nRUN sudo apt-get install -y a && rm -rf /var/lib/apt/lists/*\n",
  ),
  pair(
    "a clean-up by another user than root",
    runs("apt-get install -y a"),
    runs("apt-get install -y a && gosu u rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "a clean-up with another user's sudo",
    runs("sudo apt-get install -y a"),
    runs("sudo apt-get install -y a && sudo -u u rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "a clean-up of a cache mount",
    "FROM x\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y a\n",
    "FROM x\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y a && rm -rf /var/lib/apt/lists/*\n",
  ),
  pair(
    "a manager's clean-up of its cache mount",
    runs("--mount=type=cache,target=/var/cache/yum yum install -y a"),
    runs("--mount=type=cache,target=/var/cache/yum yum install -y a && yum clean all"),
  ),
  pair(
    "the apk cache is dropped behind what fills it",
    runs("apk update && rm -rf /var/cache/apk/* /x"),
    runs("apk update && rm -rf /x"),
  ),
  pair(
    "a cache removed before an offline install",
    runs("npm ci", "npm ci --offline"),
    runs("npm ci && npm cache clean --force", "npm ci --offline"),
  ),
  pair(
    "a cache removed before another install without a network",
    runs("--network=none yum install -y a", "--network=none yum install -y b"),
    runs(
      "--network=none yum install -y a && yum clean all && rm -rf /var/cache/yum && yum install -y b",
    ),
  ),
  pair(
    "a clean-up of conda's mounted packages",
    runs("--mount=type=cache,target=/opt/conda/pkgs conda install -y a"),
    runs(
      "--mount=type=cache,target=/opt/conda/pkgs conda install -y a && conda clean -afy",
    ),
  ),
  pair(
    "a clean-up of micromamba's mounted packages",
    runs("--mount=type=cache,target=/root/micromamba micromamba install -y a"),
    runs(
      "--mount=type=cache,target=/root/micromamba micromamba install -y a && micromamba clean -afy",
    ),
  ),
  pair(
    "packages removed before an offline install of the same family",
    runs("conda install -y a", "mamba install --offline -y a"),
    runs("conda install -y a && conda clean -afy", "mamba install --offline -y a"),
  ),
  pair(
    "metadata removed before yum that uses nothing else",
    runs("dnf install -y a", "yum -C install -y b"),
    runs("dnf install -y a && dnf clean all", "yum -C install -y b"),
  ),
  pair(
    "a clean-up by another user's su-exec",
    runs("apt-get install -y a"),
    runs("apt-get install -y a && su-exec u rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "a clean-up by another user's doas",
    runs("doas apt-get install -y a"),
    runs("doas apt-get install -y a && doas -u u rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "a manager's clean-up that lacks the right",
    "FROM x\nUSER u\nRUN sudo yum install -y a\n",
    "FROM x\nUSER u\nRUN sudo yum install -y a && yum clean all\n",
  ),
  pair(
    "a clean-up of another user's cache",
    runs("su-exec u npm ci"),
    runs("su-exec u npm ci && npm cache clean --force"),
  ),
  pair(
    "a clean-up where nothing was installed",
    runs("a", "b"),
    runs("a && yum clean all && b"),
  ),
  pair(
    "a clean-up in front of the install",
    runs("npm ci"),
    runs("npm cache clean --force && npm ci"),
  ),
  pair(
    "lists removed where another manager installed",
    runs("apk add a"),
    runs("apk add a && rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "the answers to questions of packages are removed",
    runs("apt-get install -y a"),
    runs("apt-get install -y a && rm -rf /var/cache/debconf/*"),
  ),
  pair(
    "a flag for a command that is only spoken of",
    runs("a pip install b > /log"),
    runs("a pip install --no-cache-dir b > /log"),
  ),
  pair(
    "an option of apk goes from what only speaks of it",
    runs("a apk add --no-cache -U b"),
    runs("a apk add --no-cache b"),
  ),
  pair(
    "apk update dropped before a question about a package",
    runs("apk update && apk add a && apk info b"),
    runs("apk add --no-cache a && apk info b"),
  ),
  pair(
    "a manager that may be missing cleans behind a branch that isn't taken",
    runs("if grep a /b; then c; else { yum install -y d; e; } > /f; fi"),
    runs("if grep a /b; then c; else { yum install -y d; e; } > /f; fi && yum clean all"),
  ),
  pair(
    "a manager that may be missing cleans behind a list that goes on",
    runs("{ a && yum install -y b; c; } > /f"),
    runs("{ a && yum install -y b; c; } > /f && yum clean all"),
  ),
  pair(
    "a manager that may be missing cleans behind a question for it",
    runs("{ command -v yum && yum install -y b; c; } > /f"),
    runs("{ command -v yum && yum install -y b; c; } > /f && yum clean all"),
  ),
  pair(
    "a manager that may be missing cleans behind a loop",
    runs("while read -r i; do zypper -n in $i; done < /dev/null"),
    runs("while read -r i; do zypper -n in $i; done < /dev/null && zypper clean --all"),
  ),
  pair(
    "a manager that may be missing cleans behind a branch in a loop",
    runs("for i in 1 2; do if grep a /b; then yum install -y $i; fi; done"),
    runs(
      "for i in 1 2; do if grep a /b; then yum install -y $i; fi; done && yum clean all",
    ),
  ),
  pair(
    "a manager that may be missing cleans behind another one",
    runs("{ dnf install -y a || yum install -y a; } > /f"),
    runs("{ dnf install -y a || yum install -y a; } > /f && yum clean all"),
  ),
  pair(
    "a manager cleans behind a pipe that hides its failure",
    runs("yum install -y a | b"),
    runs("yum install -y a | b && yum clean all"),
  ),
  ...["sh -c 'npm ci; a'", "sh -c 'npm ci || a'", "sudo sh -c 'a && npm ci & b'"].map(
    (call) =>
      pair(
        `a manager cleans behind a script that may hide its failure: ${call}`,
        runs(call),
        runs(`${call} && npm cache clean --force`),
      ),
  ),
  pair(
    "a sudo that may be missing cleans behind a condition",
    runs("if a; then sudo sh -c 'apt-get install -y b'; fi"),
    runs(
      "if a; then sudo sh -c 'apt-get install -y b'; fi && sudo rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "another folder emptied where a pattern may become nothing",
    `FROM x\nSHELL ["/bin/bash", "-c"]\nRUN shopt -s nullglob; apt-get install -y a\n`,
    `FROM x\nSHELL ["/bin/bash", "-c"]\nRUN shopt -s nullglob; apt-get install -y a && rm -rf /var/lib/apt/*\n`,
  ),
  pair(
    "a folder in another home removed behind a branch that isn't taken",
    runs("case $A in x) pipx install a ;; esac"),
    runs("case $A in x) pipx install a ;; esac && rm -rf ~app/.cache/pip"),
  ),
  ...["apt-get purge -y b", "apt-mark hold a b", "sudo apt remove b"].map((call) =>
    pair(
      `lists removed before a package that may not be there is removed or held: ${call}`,
      runs("apt-get update && apt-get install -y a", call),
      runs("apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*", call),
    ),
  ),
  pair(
    "lists removed before a RUN with another folder in a mount",
    runs(
      "apt-get update && apt-get install -y a",
      "--mount=type=cache,target=/var/cache/apt apt-get install -y b",
    ),
    runs(
      "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
      "--mount=type=cache,target=/var/cache/apt apt-get install -y b",
    ),
  ),
  pair(
    "a sudo that may be missing cleans behind a question for it",
    runs("{ command -v sudo && sudo apt-get install -y b; c; } > /f"),
    runs(
      "{ command -v sudo && sudo apt-get install -y b; c; } > /f && sudo rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "lists removed in front of a branch that isn't taken, with more blanks",
    runs("if grep a /b; then c; else { apt-get install -y d; e; } > /f; fi"),
    runs(
      "rm  -rf /var/lib/apt/lists/* && if grep a /b; then c; else { apt-get install -y d; e; } > /f; fi",
    ),
  ),
  pair(
    "a manager that may be missing, by its path",
    runs("{ a && /opt/conda/bin/conda install -y b; c; } > /f"),
    runs(
      "{ a && /opt/conda/bin/conda install -y b; c; } > /f && /opt/conda/bin/conda clean -afy",
    ),
  ),
  pair(
    "lists removed in front of a branch that isn't taken",
    runs("if grep a /b; then c; else { apt-get install -y d; e; } > /f; fi"),
    runs(
      "rm -rf /var/lib/apt/lists/* && if grep a /b; then c; else { apt-get install -y d; e; } > /f; fi",
    ),
  ),
];
