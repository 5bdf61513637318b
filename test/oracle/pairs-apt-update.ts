/** Pairs in which later RUNs get the update of an earlier one, well and wrongly. */
import type { ExamplePair } from "./pair.ts";
import { pair } from "./pair.ts";

const clean = "rm -rf /var/lib/apt/lists/*";

/** Two RUNs with an instruction between. */
function apart(first: string, second: string, between = "COPY a /a"): string {
  return `FROM x\nRUN ${first}\n${between}\nRUN ${second}\n`;
}

const before = apart("apt-get update && apt-get install -y a", "apt-get install -y b");
const cleaned = `apt-get update && apt-get install -y a && ${clean}`;

export const equalUpdatePairs: readonly ExamplePair[] = [
  pair(
    "an update that the next reader of apt's lists gets",
    before,
    apart(cleaned, `apt-get update && apt-get install -y b && ${clean}`),
  ),
  pair(
    "the same in the middle of a list, with options",
    apart("apt -qq update && apt install -y a", "b && apt install -y c || d"),
    apart(
      `apt -qq update && apt install -y a && ${clean}`,
      `b && apt -qq update && apt install -y c || d`,
    ),
  ),
  pair(
    "the same with sudo",
    apart(
      "sudo apt-get update && sudo apt-get install -y a",
      "sudo apt-get install b",
      "USER u\nCOPY a /a\nUSER x",
    ).replace("RUN", "USER x\nRUN"),
    apart(
      `sudo apt-get update && sudo apt-get install -y a && sudo ${clean}`,
      `sudo apt-get update && sudo apt-get install b && sudo ${clean}`,
      "USER u\nCOPY a /a\nUSER x",
    ).replace("RUN", "USER x\nRUN"),
  ),
  pair(
    "one for each of two readers",
    `${before}ENV A=1\nRUN apt-get upgrade -y\n`,
    `${apart(cleaned, `apt-get update && apt-get install -y b && ${clean}`)}ENV A=1\nRUN apt-get update && apt-get upgrade -y && ${clean}\n`,
  ),
];

export const differentUpdatePairs: readonly ExamplePair[] = [
  pair(
    "one of two readers of apt's lists without an update",
    `${before}ENV A=1\nRUN apt-get upgrade -y\n`,
    `${apart(cleaned, `apt-get update && apt-get install -y b && ${clean}`)}ENV A=1\nRUN apt-get upgrade -y\n`,
  ),
  pair(
    "an update that is gone",
    apart(
      "apt-get update && apt-get install -y a",
      "apt-get update && apt-get install b",
    ),
    apart("apt-get update && apt-get install -y a", "apt-get install b"),
  ),
  pair(
    "an update behind the install",
    before,
    apart(cleaned, "apt-get install -y b && apt-get update"),
  ),
  pair(
    "an update with another command in front of the install",
    before.replace("RUN apt-get install", "RUN c && apt-get install"),
    apart(cleaned, "apt-get update && c && apt-get install -y b"),
  ),
  pair(
    "an update while the lists are still there",
    before,
    apart(
      "apt-get update && apt-get install -y a",
      "apt-get update && apt-get install -y b",
    ),
  ),
  pair(
    "an update with other words than the first one",
    before,
    apart(cleaned, "apt-get -o Dir::Etc=/e update && apt-get install -y b"),
  ),
  pair(
    "an update by another name of apt",
    before,
    apart(cleaned, "apt update && apt-get install -y b"),
  ),
  pair(
    "an update where nothing was fetched before",
    apart("apt-get install -y a", "apt-get install -y b"),
    apart(`apt-get install -y a && ${clean}`, "apt-get update && apt-get install -y b"),
  ),
  pair(
    "an update in front of something that isn't an install",
    apart("apt-get update && apt-get install -y a", "apt-cache show b"),
    apart(cleaned, "apt-get update && apt-cache show b"),
  ),
  pair(
    "an update in front of an install that downloads nothing",
    apart("apt-get update && apt-get install -y a", "apt-get install --no-download b"),
    apart(cleaned, "apt-get update && apt-get install --no-download b"),
  ),
  pair(
    "an update whose failure is forgiven where the install's isn't",
    before,
    apart(cleaned, "{ apt-get update || true; } && apt-get install -y b"),
  ),
  pair(
    "an update whose failure doesn't matter",
    before,
    apart(cleaned, "apt-get update; apt-get install -y b"),
  ),
  pair(
    "an update whose failure ends a list under set -e that goes on",
    apart("apt-get update && apt-get install -y a", "set -e; apt-get install -y b; c"),
    apart(cleaned, "set -e; apt-get update && apt-get install -y b; c"),
  ),
  pair(
    "an update without the rights for it",
    apart(
      "apt-get update && apt-get install -y a",
      "sudo apt-get install -y b",
      "USER u",
    ),
    apart(cleaned, "apt-get update && sudo apt-get install -y b", "USER u"),
  ),
  pair(
    "an update by another user",
    apart("sudo apt-get update", "sudo apt-get install b", "USER u"),
    apart(
      `sudo apt-get update && sudo ${clean}`,
      "sudo apt-get update && sudo apt-get install b",
      "USER u",
    ),
  ),
  pair(
    "an update without a network",
    before.replace("RUN apt-get install", "RUN --network=none apt-get install"),
    apart(cleaned, "x").replace(
      "RUN x",
      "RUN --network=none apt-get update && apt-get install -y b",
    ),
  ),
  ...[
    "RUN echo deb http://b > /etc/apt/sources.list.d/b.list",
    "RUN add-apt-repository -n ppa:b",
    "RUN curl http://b/key | apt-key add -",
    "RUN dpkg --add-architecture i386",
    "RUN apt-get purge -y ca-certificates",
    "RUN dpkg -i b.deb",
    "RUN ./setup",
    "COPY b.list /etc/apt/sources.list.d/",
    "COPY files /",
    "ENV http_proxy=http://b",
  ].map((between) =>
    pair(
      `an update behind ${between}`,
      apart("apt-get update && apt-get install -y a", "apt-get install -y b", between),
      apart(cleaned, "apt-get update && apt-get install -y b", between),
    ),
  ),
];
