/** Pairs about the clean-ups and options of single package managers. */
import type { ExamplePair } from "./pair.ts";
import { pair, runs } from "./pair.ts";

/** An install, the clean-up that may be added, and one next to it that may not. */
const cleanups: readonly (readonly [install: string, right: string, wrong: string])[] = [
  ["tdnf install -y a", "tdnf clean all", "tdnf erase a"],
  ["dnf5 install -y a", "dnf5 clean all", "dnf5 remove a"],
  ["xbps-install -Sy a", "rm -rf /var/cache/xbps/*", "rm -rf /var/db/xbps/*"],
  ["swupd bundle-add a", "swupd clean --all", "swupd bundle-remove a"],
  [
    "opkg update && opkg install a",
    "rm -rf /var/opkg-lists/*",
    "rm -rf /var/lib/opkg/lists/*",
  ],
  ["composer install", "composer clear-cache", "composer remove a"],
  ["pecl install a", "rm -rf /tmp/pear", "rm -rf /tmp/*"],
  [
    "bundle install",
    "rm -rf /usr/local/bundle/cache/*.gem",
    "rm -rf /usr/local/bundle/cache",
  ],
  ["gem install a", "rm -rf /usr/local/bundle/cache/*.gem", "rm -rf vendor/cache/*.gem"],
  [
    "gem install a",
    "rm -rf /var/lib/gems/*/cache/*.gem",
    "rm -rf /var/lib/gems/*/gems/*",
  ],
  [
    "bundle install",
    "rm -rf /usr/local/share/gems/cache/*.gem",
    "rm -rf /usr/local/share/gems",
  ],
  ["su u -c 'npm ci'", "su u -c 'npm cache clean --force'", "npm cache clean --force"],
  ["su -c 'npm ci' u", "su -c 'npm cache clean --force' u", "su u -c 'npm uninstall a'"],
  [
    "su -c 'apt-get update && apt-get install a'",
    "su -c 'rm -rf /var/lib/apt/lists/*'",
    "su -c 'rm -rf /var/lib/apt/*'",
  ],
  ["cpanm A", "rm -rf /root/.cpanm", "rm -rf /root/perl5"],
  ["cpan A", "rm -rf /root/.cpan/build /root/.cpan/sources", "rm -rf /root/.cpan"],
  [
    "pipenv install",
    "rm -rf /root/.cache/pipenv",
    "rm -rf /root/.local/share/virtualenvs",
  ],
  [
    "poetry install",
    "rm -rf /root/.cache/pypoetry/cache /root/.cache/pypoetry/artifacts",
    "rm -rf /root/.cache/pypoetry",
  ],
  [
    "pdm sync",
    "rm -rf /root/.cache/pdm/http /root/.cache/pdm/wheels",
    "rm -rf /root/.cache/pdm",
  ],
  ["pipx install a", "rm -rf /root/.cache/pip", "rm -rf /root/.local/share/pipx"],
  ["pip-sync", "rm -rf /root/.cache/pip /root/.cache/pip-tools", "rm -rf /root/.cache"],
  ["npm i -g npm", "rm -rf /root/.npm/_cacache", "rm -rf /root/.npm/_npx"],
  ["pip install a", "rm -rf /root/.cache/pip", "rm -rf /root/.local"],
  ["luarocks install a", "rm -rf /var/cache/luarocks", "rm -rf /var/cache"],
  ["install2.r a", "rm -rf /tmp/downloaded_packages", "rm -rf /tmp/downloaded*"],
];

export const equalManagerPairs: readonly ExamplePair[] = [
  ...cleanups.map(([install, right]) =>
    pair(`${right} added`, runs(install), runs(`${install} && ${right}`)),
  ),
  pair(
    "composer as another user",
    "FROM x\nUSER u\nRUN composer install\n",
    "FROM x\nUSER u\nRUN composer install && composer clear-cache\n",
  ),
  pair(
    "a folder in root's home that HOME names",
    "FROM x\nENV HOME=/root\nRUN pipenv install\n",
    "FROM x\nENV HOME=/root\nRUN pipenv install && rm -rf /root/.cache/pipenv\n",
  ),
  pair(
    "opkg's lists before an update",
    runs("opkg update && opkg install a", "opkg update && opkg install b"),
    runs(
      "opkg update && opkg install a && rm -rf /var/opkg-lists/*",
      "opkg update && opkg install b",
    ),
  ),
  ...[
    "uv sync",
    "uv add a",
    "uv pip install a",
    "uv tool install a",
    "composer install",
  ].map((call) => pair(`${call} with --no-cache`, runs(call), runs(withFlag(call)))),
];

/** The option stands behind the last word of the subcommand. */
function withFlag(call: string): string {
  return call.replace(/\b(sync|add|install)\b/, "$1 --no-cache");
}

export const differentManagerPairs: readonly ExamplePair[] = [
  ...cleanups.map(([install, , wrong]) =>
    pair(`${wrong} added`, runs(install), runs(`${install} && ${wrong}`)),
  ),
  pair(
    "pnpm store prune added",
    runs("pnpm install"),
    runs("pnpm install && pnpm store prune"),
  ),
  pair(
    "bun pm cache rm added",
    runs("bun install"),
    runs("bun install && bun pm cache rm"),
  ),
  pair("go clean added", runs("go build"), runs("go build && go clean -modcache")),
  pair(
    "opkg's lists removed before their reader",
    runs("opkg update && opkg install a", "opkg install b"),
    runs("opkg update && opkg install a && rm -rf /var/opkg-lists/*", "opkg install b"),
  ),
  pair(
    "gems' archives removed before bundle cache",
    runs("bundle install", "bundle cache"),
    runs("bundle install && rm -rf /usr/local/bundle/cache/*.gem", "bundle cache"),
  ),
  pair(
    "a cache removed before a RUN without a network",
    runs("composer install", "--network=none composer install"),
    runs("composer install && composer clear-cache", "--network=none composer install"),
  ),
  pair(
    "a folder of root's removed where HOME is elsewhere",
    "FROM x\nENV HOME=/srv\nRUN pipenv install\n",
    "FROM x\nENV HOME=/srv\nRUN pipenv install && rm -rf /root/.cache/pipenv\n",
  ),
  pair(
    "a folder of root's removed by another user",
    "FROM x\nUSER u\nRUN cpanm A\n",
    "FROM x\nUSER u\nRUN cpanm A && rm -rf /root/.cpanm\n",
  ),
  pair(
    "composer's cache cleared in a cache mount",
    "FROM x\nRUN --mount=type=cache,target=/tmp/cache composer install\n",
    "FROM x\nRUN --mount=type=cache,target=/tmp/cache composer install && composer clear-cache\n",
  ),
  pair(
    "--no-cache behind a package's name",
    runs("uv pip install a"),
    runs("uv pip install a --no-cache"),
  ),
  pair(
    "--no-cache for poetry",
    runs("poetry install"),
    runs("poetry install --no-cache"),
  ),
  pair(
    "--no-cache for bundler",
    runs("bundle install"),
    runs("bundle install --no-cache"),
  ),
];
