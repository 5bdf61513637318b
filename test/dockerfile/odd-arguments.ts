import type { OddInput } from "./odd-input.ts";

const from = { keyword: "FROM", body: "a" };

export const ODD_ARGUMENTS: readonly OddInput[] = [
  // Flags
  {
    name: "RUN flags",
    text: "FROM a\nRUN --mount=type=cache,target=/b --network=none c --d",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN --mount=type=cache,target=/b --network=none c --d",
        flags: ["mount=type=cache,target=/b", "network=none"],
        body: "c --d",
      },
    ],
  },
  {
    name: "flags on lines of their own",
    text: "FROM a\nRUN --mount=type=ssh \\\n  # b\n  --security=insecure \\\n  c",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN --mount=type=ssh \\\n  # b\n  --security=insecure \\\n  c",
        flags: ["mount=type=ssh", "security=insecure"],
        body: "c",
        inner: ["# b"],
      },
    ],
  },
  {
    name: "quotes and escapes in a flag",
    text: `FROM a\nCOPY --chown="b c" --from='d' --exclude=e\\ f g h`,
    instructions: [
      from,
      {
        keyword: "COPY",
        source: `COPY --chown="b c" --from='d' --exclude=e\\ f g h`,
        flags: ["chown=b c", "from=d", "exclude=e f"],
        body: "g h",
      },
    ],
  },
  {
    name: "a bare -- ends the flags",
    text: "FROM a\nCOPY --link -- --b c",
    instructions: [
      from,
      {
        keyword: "COPY",
        source: "COPY --link -- --b c",
        flags: ["link"],
        body: "--b c",
      },
    ],
  },
  {
    name: "a single dash is no flag",
    text: "FROM a\nRUN -x --y",
    instructions: [from, { keyword: "RUN", body: "-x --y" }],
  },
  {
    name: "numeric --from",
    text: "FROM a\nCOPY --from=0 /b /c",
    instructions: [
      from,
      {
        keyword: "COPY",
        source: "COPY --from=0 /b /c",
        flags: ["from=0"],
        body: "/b /c",
      },
    ],
  },
  {
    name: "platform with a variable",
    text: "FROM --platform=$BUILDPLATFORM a AS b",
    instructions: [
      {
        keyword: "FROM",
        source: "FROM --platform=$BUILDPLATFORM a AS b",
        flags: ["platform=$BUILDPLATFORM"],
        body: "a AS b",
      },
    ],
  },
  {
    name: "flags only",
    text: "FROM a\nRUN --network=none",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN --network=none",
        flags: ["network=none"],
        body: "",
      },
    ],
  },

  // JSON form
  {
    name: "JSON form",
    text: `FROM a\nRUN [ "b", "c\\n\\u00e9" ]`,
    instructions: [
      from,
      {
        keyword: "RUN",
        body: `[ "b", "c\\n\\u00e9" ]`,
        json: ["b", "c\né"],
      },
    ],
  },
  {
    name: "JSON form over several lines",
    text: `FROM a\nCMD ["b", \\\n  "c"]`,
    instructions: [
      from,
      {
        keyword: "CMD",
        source: `CMD ["b", \\\n  "c"]`,
        body: `["b",   "c"]`,
        json: ["b", "c"],
      },
    ],
  },
  {
    name: "empty JSON array",
    text: "FROM a\nENTRYPOINT []",
    instructions: [from, { keyword: "ENTRYPOINT", body: "[]", json: [] }],
  },
  {
    name: "single quotes are shell form",
    text: "FROM a\nRUN ['b']",
    instructions: [from, { keyword: "RUN", body: "['b']" }],
  },
  {
    name: "trailing comma is shell form",
    text: `FROM a\nRUN ["b",]`,
    instructions: [from, { keyword: "RUN", body: `["b",]` }],
  },
  {
    name: "missing comma is shell form",
    text: `FROM a\nRUN ["b" "c"]`,
    instructions: [from, { keyword: "RUN", body: `["b" "c"]` }],
  },
  {
    name: "text behind the array is shell form",
    text: `FROM a\nCMD ["b"] # c`,
    instructions: [from, { keyword: "CMD", body: `["b"] # c` }],
  },
  {
    name: "test command in brackets",
    text: "FROM a\nRUN [ -f b ] && c",
    instructions: [from, { keyword: "RUN", body: "[ -f b ] && c" }],
  },
  {
    name: "JSON form of a health check",
    text: `FROM a\nHEALTHCHECK --interval=5s CMD ["b"]`,
    instructions: [
      from,
      {
        keyword: "HEALTHCHECK",
        source: `HEALTHCHECK --interval=5s CMD ["b"]`,
        flags: ["interval=5s"],
        body: `CMD ["b"]`,
        json: ["b"],
      },
    ],
  },
];
