/** Pairs that differ by cache mounts: harmless ones, and those that hide files. */
import type { ExamplePair } from "./pair.ts";
import { pair, runs } from "./pair.ts";

export const equalMountPairs: readonly ExamplePair[] = [
  ...[
    ["apt-get update && apt-get install a", "apt-get update && apt-get install a"],
    [
      "apt-get update && apt-get install a && rm -rf /var/lib/apt/lists/*",
      "apt-get update && apt-get install a",
    ],
    [
      "apt-get update && apt-get install a && rm -rf /x /var/lib/apt/lists/* && b",
      "apt-get update && apt-get install a && rm -rf /x && b",
    ],
    [
      "sudo apt-get update && sudo apt-get install a && sudo rm -r /var/lib/apt/lists",
      "sudo apt-get update && sudo apt-get install a",
    ],
  ].map(([before = "", after = ""]) =>
    pair(
      `apt's lists in a mount: ${before}`,
      runs(before),
      runs(`--mount=type=cache,target=/var/lib/apt/lists,sharing=locked ${after}`),
    ),
  ),
  pair(
    "apt's lists in a mount whose options stand in another order",
    runs("apt-get update && apt-get install a"),
    runs(
      "--mount=type=cache,id=l,sharing=locked,target=/var/lib/apt/lists apt-get update && apt-get install a",
    ),
  ),
  pair(
    "apt's lists in a mount beside a secret",
    runs("--mount=type=secret,id=s apt-get update && apt-get install a"),
    runs(
      "--mount=type=secret,id=s --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
    ),
  ),
  pair(
    "apt's lists in a mount, and a later RUN that updates by itself",
    runs("apt-get update && apt-get install a", "apt-get update && apt-get install b"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
      "apt-get update && apt-get install b",
    ),
  ),
  pair(
    "npm's cache in a mount",
    runs("npm ci && npm cache clean --force"),
    runs("--mount=type=cache,target=/root/.npm npm ci"),
  ),
  pair(
    "npm's cache in a mount of its user's",
    "FROM x\nUSER node\nRUN npm ci && rm -rf /home/node/.npm\n",
    "FROM x\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n",
  ),
  pair(
    "a clean-up that would empty a mount that is there",
    runs("--mount=type=cache,target=/var/cache/dnf dnf install a && dnf clean all"),
    runs("--mount=type=cache,target=/var/cache/dnf dnf install a"),
  ),
  pair(
    "a cache mount over RUNs that don't use its folder",
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
      "b",
    ),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a && b",
    ),
  ),
  pair(
    "a mount of npm's cache over what has nothing to do with it",
    runs("--mount=type=cache,target=/srv/.npm npm ci", "chown -R a /lib && ln -s a b"),
    runs("--mount=type=cache,target=/srv/.npm npm ci && chown -R a /lib && ln -s a b"),
  ),
];

export const differentMountPairs: readonly ExamplePair[] = [
  ...[".", "/", "/srv", "/srv/.npm/a"].map((folder) =>
    pair(
      `a mount below or above what changes its owner: ${folder}`,
      runs("--mount=type=cache,target=/srv/.npm npm ci", `chown -R a ${folder}`),
      runs(`--mount=type=cache,target=/srv/.npm npm ci && chown -R a ${folder}`),
    ),
  ),
  pair(
    "a mount over npm, which has its cache elsewhere",
    runs("--mount=type=cache,target=/srv/.npm make", "npm ci"),
    runs("--mount=type=cache,target=/srv/.npm make && npm ci"),
  ),
  pair(
    "a cache mount on another target",
    runs("apt-get update && apt-get install a"),
    runs("--mount=type=cache,target=/var/lib/apt apt-get update && apt-get install a"),
  ),
  pair(
    "a cache mount with another option",
    runs("apt-get update && apt-get install a"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,from=x apt-get update && apt-get install a",
    ),
  ),
  pair(
    "another kind of mount",
    runs("apt-get update && apt-get install a"),
    runs(
      "--mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install a",
    ),
  ),
  pair(
    "a cache mount that hides the lists",
    runs("apt-get install a"),
    runs("--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get install a"),
  ),
  pair(
    "a cache mount in place of lists that a later RUN reads",
    runs("apt-get update && apt-get install a", "apt-get install b"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
      "apt-get install b",
    ),
  ),
  pair(
    "a cache mount shared with a RUN that doesn't update",
    runs("apt-get update && apt-get install a", "apt-get install b"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get install b",
    ),
  ),
  pair(
    "a cache mount in place of lists that a child stage reads",
    "FROM x AS a\nRUN apt-get update && apt-get install a\nFROM a\nRUN apt-get install b\n",
    "FROM x AS a\nRUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a\nFROM a\nRUN apt-get install b\n",
  ),
  pair(
    "a mount that its RUN removes",
    runs("apt-get update && apt-get install a && rm -rf /var/lib/apt"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a && rm -rf /var/lib/apt",
    ),
  ),
  pair(
    "a mount that hides what its RUN copies",
    runs("npm ci && cp -r /root/.npm/_cacache /x"),
    runs("--mount=type=cache,target=/root/.npm npm ci && cp -r /root/.npm/_cacache /x"),
  ),
  pair(
    "a mount in another user's home",
    "FROM x\nUSER u\nRUN npm ci\n",
    "FROM x\nUSER u\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
  ),
  pair(
    "a mount that hides what an offline install needs",
    runs("npm ci --prefer-offline"),
    runs("--mount=type=cache,target=/root/.npm npm ci --prefer-offline"),
  ),
  pair(
    "a clean-up that is gone without a mount",
    runs("apt-get update && apt-get install a && rm -rf /var/lib/apt/lists/*"),
    runs("apt-get update && apt-get install a"),
  ),
  pair(
    "a clean-up that is gone for another mount",
    runs(
      "apt-get update && apt-get install a && rm -rf /var/lib/apt/lists/* && npm ci && npm cache clean --force",
    ),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a && npm ci",
    ),
  ),
  pair(
    "a removal of more than the mount that is gone",
    runs("apt-get update && apt-get install a && rm -rf /x /var/lib/apt/lists/*"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
    ),
  ),
  pair(
    "a clean-up in front of the mount that is gone",
    runs("rm -rf /var/lib/apt/lists/*", "apt-get update && apt-get install a"),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
    ),
  ),
  pair(
    "a mount that was there is gone",
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
    ),
    runs("apt-get update && apt-get install a"),
  ),

  pair(
    "a cache mount over a RUN that reads what it hides",
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a",
      "apt-get install b",
    ),
    runs(
      "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install a && apt-get install b",
    ),
  ),
  pair(
    "another cache's mount over one more RUN",
    runs("--mount=type=cache,target=/c a", "b"),
    runs("--mount=type=cache,target=/c a && b"),
  ),
];
