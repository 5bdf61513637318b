/** Pairs whose differences are declared ones: the oracle may not tell them apart. */
import type { ExamplePair } from "./pair.ts";
import { pair, runs } from "./pair.ts";

export const cleanupPairs: readonly ExamplePair[] = [
  pair(
    "apt lists after the last reader",
    runs("apt-get update && apt-get install -y a"),
    runs("apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*"),
  ),
  pair(
    "apt lists with an update for the next reader",
    runs(
      "apt-get update && apt-get install -y a",
      "apt-get update && apt-get install -y b",
    ),
    runs(
      "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "apt lists with sudo",
    "FROM x\nUSER u\nRUN sudo apt-get update && sudo apt-get install -y a\n",
    "FROM x\nUSER u\nRUN sudo apt-get update && sudo apt-get install -y a && sudo rm -rf /var/lib/apt/lists/*\n",
  ),
  pair(
    "clean-up inside a condition",
    runs("if a; then apt-get install -y b; fi"),
    runs("if a; then apt-get install -y b && rm -rf /var/lib/apt/lists/*; fi"),
  ),
  pair(
    "clean-up before or",
    runs("apt-get install -y a || true"),
    runs("{ apt-get install -y a && rm -rf /var/lib/apt/lists/*; } || true"),
  ),
  pair(
    "yum",
    runs("yum install -y a"),
    runs("yum install -y a && yum clean all && rm -rf /var/cache/yum"),
  ),
  pair(
    "dnf",
    runs("dnf -y install a", "dnf -y install b"),
    runs("dnf -y install a && dnf -y install b && dnf clean all"),
  ),
  pair(
    "zypper",
    runs("zypper -n install a"),
    runs("zypper -n install a && zypper clean --all"),
  ),
  pair(
    "pacman",
    runs("pacman -Sy --noconfirm a"),
    runs("pacman -Sy --noconfirm a && rm -rf /var/cache/pacman/pkg/*"),
  ),
  pair(
    "npm",
    runs("npm ci", "npm run build"),
    runs("npm ci && npm cache clean --force && npm run build"),
  ),
  pair("yarn", runs("yarn install"), runs("yarn install && yarn cache clean")),
  pair(
    "conda",
    runs("conda install -y a"),
    runs("conda install -y a && conda clean -afy"),
  ),
  pair(
    "conda by its path",
    runs("/opt/conda/bin/conda install -y a"),
    runs("/opt/conda/bin/conda install -y a && /opt/conda/bin/conda clean -afy"),
  ),
  pair(
    "npm as another user",
    runs("sudo -u u npm ci"),
    runs("sudo -u u npm ci && sudo -u u npm cache clean --force"),
  ),
  pair("no cache for pip", runs("pip install a"), runs("pip install --no-cache-dir a")),
  pair(
    "no cache for python -m pip",
    runs("python3 -m pip install -r a.txt"),
    runs("python3 -m pip install --no-cache-dir -r a.txt"),
  ),
  pair(
    "no cache for pip in a pipe",
    runs("pip install a | b"),
    runs("pip install --no-cache-dir a | b"),
  ),
  pair("no cache for apk", runs("apk add a"), runs("apk add --no-cache a")),
  pair(
    "no update for apk without a cache",
    runs("apk update && apk add a"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "no -U for apk without a cache",
    runs("apk add -U a"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "no clean-up for apk without a cache",
    runs("apk add a && rm -rf /var/cache/apk/*"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "one word less to remove for apk",
    runs("apk add a && rm -rf /tmp/x /var/cache/apk/*"),
    runs("apk add --no-cache a && rm -rf /tmp/x"),
  ),
  pair(
    "no clean-up without -r for apk without a cache",
    runs("apk add a && rm -f /var/cache/apk/* && b"),
    runs("apk add --no-cache a && b"),
  ),
  pair(
    "no clean-up with -v for apk without a cache",
    runs("apk add a && rm -rfv /var/cache/apk/*"),
    runs("apk add --no-cache a"),
  ),
  pair(
    "one word less to remove with -v",
    runs("apk add a && rm -rfv /tmp/x /var/cache/apk/*"),
    runs("apk add --no-cache a && rm -rfv /tmp/x"),
  ),
  pair(
    "no clean-up for apk beside a query of what is installed",
    runs("apk add a && b | xargs -r apk info --installed && rm -rf /var/cache/apk/*"),
    runs("apk add --no-cache a && b | xargs -r apk info --installed"),
  ),
  pair(
    "no -U beside the flag in short",
    runs("apk add --no-cach -U a"),
    runs("apk add --no-cach a"),
  ),
  pair(
    "no update for a stage on top that needs none",
    "FROM x AS a\nRUN apk update\nFROM a\nRUN apk add b\n",
    "FROM x AS a\nFROM a\nRUN apk add --no-cache b\n",
  ),
  pair(
    "no clean-up over a stage without a cache",
    "FROM x AS a\nRUN apk add b\nFROM a\nRUN apk add c && rm -rf /var/cache/apk/*\n",
    "FROM x AS a\nRUN apk add --no-cache b\nFROM a\nRUN apk add --no-cache c\n",
  ),
  pair(
    "a clean-up that was there comes behind an idle one",
    runs("apk add a && npm ci && rm -rf /var/cache/apk/* && yarn cache clean"),
    runs("apk add --no-cache a && npm ci && yarn cache clean"),
  ),
  pair(
    "a clean-up is added before one that was there",
    runs("npm ci && a", "npm cache clean --force"),
    runs("npm ci && npm cache clean --force && a && npm cache clean --force"),
  ),
  pair(
    "a clean-up is added behind one that was there",
    runs("yarn cache clean && yarn install", "a"),
    runs("yarn cache clean && yarn install && yarn cache clean && a"),
  ),
  pair(
    "a cache that another user fills",
    runs("gosu u npm ci"),
    runs("gosu u npm ci && gosu u npm cache clean --force"),
  ),
  pair(
    "a clean-up beside another cache's mount",
    runs("--mount=type=cache,target=/root/.cache yum install -y a"),
    runs("--mount=type=cache,target=/root/.cache yum install -y a && yum clean all"),
  ),
  pair(
    "rm of the apk cache in front of what fills it goes",
    runs("rm -rf /var/cache/apk/* /x && apk update"),
    runs("rm -rf /x && apk update"),
  ),
  pair(
    "what rm would print where a path of it goes",
    runs("for i in 1; do rm -rf /var/cache/apk/* /x; done > /log"),
    runs("for i in 1; do rm -rf /x; done > /log"),
  ),
  pair(
    "lists removed behind gosu",
    "FROM x\nUSER u\nRUN gosu root apt-get install -y a\n",
    "FROM x\nUSER u\nRUN gosu root apt-get install -y a && gosu root rm -rf /var/lib/apt/lists/*\n",
  ),
  pair(
    "lists removed behind doas",
    "FROM x\nUSER u\nRUN doas apt-get install -y a\n",
    "FROM x\nUSER u\nRUN doas apt-get install -y a && doas rm -rf /var/lib/apt/lists/*\n",
  ),
  pair(
    "npm as another user behind su-exec",
    runs("su-exec u npm ci"),
    runs("su-exec u npm ci && su-exec u npm cache clean --force"),
  ),
  pair(
    "no update before a list of what is installed",
    runs("apk update && apk add a && apk info -v"),
    runs("apk add --no-cache a && apk info -v"),
  ),
  pair(
    "micromamba as another user behind su-exec",
    runs("su-exec u micromamba install -y a"),
    runs("su-exec u micromamba install -y a && su-exec u micromamba clean -afy"),
  ),
  pair(
    "conda beside a mount over something else",
    runs("--mount=type=cache,target=/root/.cache conda install -y a"),
    runs("--mount=type=cache,target=/root/.cache conda install -y a && conda clean -afy"),
  ),
  pair(
    "yum as the user of the RUN",
    "FROM x\nUSER u\nRUN doas yum install -y a\n",
    "FROM x\nUSER u\nRUN doas yum install -y a && doas yum clean all && doas rm -rf /var/cache/yum\n",
  ),
  pair(
    "behind an install in a script of one word",
    runs("sh -c 'cd /w && pipenv install'"),
    runs("sh -c 'cd /w && pipenv install' && rm -rf /root/.cache/pipenv"),
  ),
  ...[
    "sh -c 'yum install -y a'",
    "bash -lc 'cd /w && yum install -y a'",
    "sh -c 'b; yum install -y a'",
  ].map((call) =>
    pair(
      `a manager cleans behind a script that fails without it: ${call}`,
      runs(call),
      runs(`${call} && yum clean all`),
    ),
  ),
  pair(
    "lists removed before a RUN that has its own in a mount",
    runs(
      "apt-get update && apt-get install -y a",
      "--mount=type=cache,target=/var/lib/apt apt-get install -y b",
    ),
    runs(
      "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
      "--mount=type=cache,target=/var/lib/apt apt-get install -y b",
    ),
  ),
  pair(
    "lists removed where a pattern may become nothing",
    `FROM x\nSHELL ["/bin/bash", "-c"]\nRUN shopt -s nullglob; apt-get install -y a\n`,
    `FROM x\nSHELL ["/bin/bash", "-c"]\nRUN shopt -s nullglob; apt-get install -y a && rm -rf /var/lib/apt/lists/*\n`,
  ),
  pair(
    "the same beside another clean-up in quotes",
    `FROM x\nSHELL ["/bin/bash", "-c"]\nRUN shopt -s nullglob; apt-get install -y a; su -c 'b && rm -rf /var/cache/apk/*' c\n`,
    `FROM x\nSHELL ["/bin/bash", "-c"]\nRUN shopt -s nullglob; apt-get install -y a && rm -rf /var/lib/apt/lists/*; su -c 'b && rm -rf /var/cache/apk/*' c\n`,
  ),
  pair(
    "lists removed by root behind somebody else's install",
    runs("apt-get update; sudo -u app apt-get install -y a"),
    runs(
      "apt-get update; sudo -u app apt-get install -y a && rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "a folder in the home removed behind a branch that isn't taken",
    runs("case $A in x) pipx install a ;; esac"),
    runs("case $A in x) pipx install a ;; esac && rm -rf ~/.cache/pip"),
  ),
  pair(
    "lists removed behind an install in a list that isn't reached",
    runs("rm -rf /var/lib/apt/lists/* || { apt-get update && apt-get install -y a; }"),
    runs(
      "{ rm -rf /var/lib/apt/lists/* || { apt-get update && apt-get install -y a; }; } && rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "packages removed behind an install in backquotes that isn't reached",
    runs("if [ -f /x ]; then B=`pacman -Syu`; fi"),
    runs("if [ -f /x ]; then B=`pacman -Syu`; fi && rm -rf /var/cache/pacman/pkg/*"),
  ),
  pair(
    "lists removed before what was installed is removed",
    runs("apt-get update && apt-get install -y a", "apt-get purge -y a"),
    runs(
      "apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
      "apt-get purge -y a",
    ),
  ),
  pair(
    "no cache for pip behind prefixes",
    runs("nice -n 5 timeout 60 pip install a", "X=1 xargs pip install < /r"),
    runs(
      "nice -n 5 timeout 60 pip install --no-cache-dir a && X=1 xargs pip install --no-cache-dir < /r",
    ),
  ),
  pair(
    "lists removed behind a branch that isn't taken",
    runs("if grep a /b; then c; else { apt-get install -y d; e; } > /f; fi"),
    runs(
      "if grep a /b; then c; else { apt-get install -y d; e; } > /f; fi && rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "lists removed behind a loop that isn't entered",
    runs("while read -r i; do apt-get install -y $i; done < /dev/null"),
    runs(
      "while read -r i; do apt-get install -y $i; done < /dev/null && rm -rf /var/lib/apt/lists/*",
    ),
  ),
  pair(
    "behind prefixes",
    runs("nice -n 5 nohup yum install -y a; b"),
    runs("nice -n 5 nohup yum install -y a && yum clean all; b"),
  ),
  pair(
    "behind a loop over words",
    runs("for i in a b; do zypper -n in $i; done"),
    runs("for i in a b; do zypper -n in $i; done && zypper clean --all"),
  ),
  pair(
    "behind a loop that installs before it goes on",
    runs("until npm ci; do sleep 1; done; a"),
    runs("until npm ci; do sleep 1; done && npm cache clean --force; a"),
  ),
  pair(
    "two clean-ups without a network",
    runs("--network=none yum install -y a"),
    runs("--network=none yum install -y a && yum clean all && rm -rf /var/cache/yum"),
  ),
  pair(
    "behind a loop that waits for a file",
    runs("while ! test -e /ready; do sleep 1; done", "a"),
    runs("while ! test -e /ready; do sleep 1; done && a"),
  ),
];
