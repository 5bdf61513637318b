import type { OddInput } from "./odd-input.ts";

const from = { keyword: "FROM", body: "a" };

export const ODD_LINES: readonly OddInput[] = [
  // Lines and continuations
  {
    name: "plain",
    text: "FROM a\nRUN b\n",
    instructions: [from, { keyword: "RUN", body: "b" }],
  },
  { name: "no last line break", text: "FROM a", instructions: [from] },
  {
    name: "byte order mark",
    text: "\uFEFFFROM a\nRUN b",
    instructions: [from, { keyword: "RUN", body: "b" }],
  },
  {
    name: "byte order mark before a directive",
    text: "\uFEFF# escape=`\nFROM a\nRUN b`\nc",
    instructions: [from, { keyword: "RUN", source: "RUN b`\nc", body: "bc" }],
  },
  {
    name: "CRLF",
    text: "FROM a\r\nRUN b \\\r\n  c\r\n",
    instructions: [from, { keyword: "RUN", source: "RUN b \\\r\n  c", body: "b   c" }],
  },
  {
    name: "several CRs before the LF",
    text: "FROM a\r\r\nRUN b \\\r\r\nc",
    instructions: [from, { keyword: "RUN", source: "RUN b \\\r\r\nc", body: "b c" }],
  },
  {
    name: "a CR alone is no line end",
    text: "FROM a\nRUN b\rRUN c",
    instructions: [from, { keyword: "RUN", source: "RUN b\rRUN c", body: "b\rRUN c" }],
  },
  {
    name: "continuation keeps the indentation of the next line",
    text: "FROM a\nRUN b \\\n\t  && c",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b \\\n\t  && c", body: "b \t  && c" },
    ],
  },
  {
    name: "continuation inside a word",
    text: "FROM a\nRUN ec\\\nho b",
    instructions: [from, { keyword: "RUN", source: "RUN ec\\\nho b", body: "echo b" }],
  },
  {
    name: "continuation inside the keyword",
    text: "FR\\\nOM a",
    instructions: [{ keyword: "FROM", source: "FR\\\nOM a", body: "a" }],
  },
  {
    name: "continuation between keyword and body",
    text: "FROM a\nRUN \\\n  b",
    instructions: [from, { keyword: "RUN", source: "RUN \\\n  b", body: "b" }],
  },
  {
    name: "blanks and tabs behind the escape character",
    text: "FROM a\nRUN b \\ \t \n c",
    instructions: [from, { keyword: "RUN", source: "RUN b \\ \t \n c", body: "b  c" }],
  },
  {
    name: "a no-break space behind the escape character ends the instruction",
    text: "FROM a\nRUN b \\\u00a0\nRUN c",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b \\", body: "b \\" },
      { keyword: "RUN", body: "c" },
    ],
  },
  {
    name: "a doubled escape character doesn't continue",
    text: "FROM a\nRUN b \\\\\nRUN c",
    instructions: [
      from,
      { keyword: "RUN", body: "b \\\\" },
      { keyword: "RUN", body: "c" },
    ],
  },
  {
    name: "a tripled escape character doesn't either",
    text: "FROM a\nRUN b \\\\\\\nRUN c",
    instructions: [
      from,
      { keyword: "RUN", body: "b \\\\\\" },
      { keyword: "RUN", body: "c" },
    ],
  },
  {
    name: "two escape characters with a blank between do",
    text: "FROM a\nRUN b \\ \\\nc",
    instructions: [from, { keyword: "RUN", source: "RUN b \\ \\\nc", body: "b \\ c" }],
  },
  {
    name: "blank lines inside",
    text: "FROM a\nRUN b \\\n\n  \t\n c",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b \\\n\n  \t\n c", body: "b  c" },
    ],
  },
  {
    name: "a dangling escape character swallows blank lines and the next instruction",
    text: "FROM a\nRUN b \\\n\n\nRUN c\nRUN d",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b \\\n\n\nRUN c", body: "b RUN c" },
      { keyword: "RUN", body: "d" },
    ],
  },
  {
    name: "escape character at the end of the file",
    text: "FROM a\nRUN b \\",
    instructions: [from, { keyword: "RUN", source: "RUN b \\", body: "b" }],
  },
  {
    name: "escape character at the end, then blank lines",
    text: "FROM a\nRUN b \\\n\n  \n",
    instructions: [from, { keyword: "RUN", source: "RUN b \\", body: "b" }],
  },
  {
    name: "escape character at the end, then a comment",
    text: "FROM a\nRUN b \\\n# c\n",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b \\", body: "b", inner: ["# c"] },
    ],
  },
  {
    name: "escape character on a line of its own inside",
    text: "FROM a\nRUN b \\\n\\\n c",
    instructions: [from, { keyword: "RUN", source: "RUN b \\\n\\\n c", body: "b  c" }],
  },
  {
    name: "escape character on a line of its own before the keyword",
    text: "FROM a\n\\\nRUN b",
    instructions: [from, { keyword: "RUN", source: "\\\nRUN b", body: "b" }],
  },
  {
    name: "indented instruction, trailing blanks",
    text: "FROM a\n \t RUN b \t\n",
    instructions: [from, { keyword: "RUN", body: "b" }],
  },
  {
    name: "lower case keyword",
    text: "from a\nrun b",
    instructions: [
      { ...from, source: "from a" },
      { keyword: "RUN", source: "run b", body: "b" },
    ],
  },
  {
    name: "tabs between keyword and body",
    text: "FROM\ta\nRUN\t\tb\tc",
    instructions: [
      { ...from, source: "FROM\ta" },
      { keyword: "RUN", source: "RUN\t\tb\tc", body: "b\tc" },
    ],
  },
  {
    name: "no-break space in the indentation is trimmed",
    text: "FROM a\n\u00a0RUN b\u00a0\nRUN c",
    instructions: [from, { keyword: "RUN", body: "b" }, { keyword: "RUN", body: "c" }],
  },
  {
    name: "no-break space behind the keyword belongs to the keyword",
    text: "FROM a\nRUN\u00a0b",
    instructions: [from, { keyword: "RUN\u00a0B", source: "RUN\u00a0b", body: "" }],
  },
  {
    name: "no-break space in the body stays",
    text: "FROM a\nRUN b \u00a0&& c",
    instructions: [from, { keyword: "RUN", body: "b \u00a0&& c" }],
  },
  {
    name: "characters outside the basic plane",
    text: "FROM a\nRUN echo 🐳 \\\n é && b",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN echo 🐳 \\\n é && b",
        body: "echo 🐳  é && b",
      },
    ],
  },
  {
    name: "zero-width space stays part of its word",
    text: "FROM a\nRUN b\u200b c",
    instructions: [from, { keyword: "RUN", body: "b\u200b c" }],
  },
  {
    name: "empty RUN",
    text: "FROM a\nRUN\nRUN b",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN", body: "" },
      { keyword: "RUN", body: "b" },
    ],
  },

  // Comments and directives
  {
    name: "comments and blank lines inside",
    text: "FROM a\nRUN b \\\n  # c\n\n# d\n  e",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN b \\\n  # c\n\n# d\n  e",
        body: "b   e",
        inner: ["# c", "# d"],
      },
    ],
  },
  {
    name: "a comment inside that ends in the escape character",
    text: "FROM a\nRUN b \\\n# c \\\n  d\nRUN e",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN b \\\n# c \\\n  d",
        body: "b   d",
        inner: ["# c \\"],
      },
      { keyword: "RUN", body: "e" },
    ],
  },
  {
    name: "a top-level comment that ends in the escape character",
    text: "FROM a\n# b \\\nRUN c",
    instructions: [from, { keyword: "RUN", body: "c", leading: ["# b \\"] }],
  },
  {
    name: "# inside a line is no comment",
    text: "FROM a\nRUN b # c \\\n  d",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b # c \\\n  d", body: "b # c   d" },
    ],
  },
  {
    name: "leading comments end at an empty line",
    text: "FROM a\n# b\n\n# c\n  #d\nRUN e",
    instructions: [from, { keyword: "RUN", body: "e", leading: ["# c", "#d"] }],
  },
  {
    name: "CRLF comments",
    text: "FROM a\r\n# b\r\nRUN c \\\r\n# d\r\n e",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN c \\\r\n# d\r\n e",
        body: "c  e",
        leading: ["# b"],
        inner: ["# d"],
      },
    ],
  },
  {
    name: "directives are no comments",
    text: "# syntax=docker/dockerfile:1\n# check=skip=all\n# b\nFROM a",
    instructions: [{ ...from, leading: ["# b"] }],
  },
  {
    name: "backtick escape",
    text: "# escape=`\nFROM a\nRUN b `\n c \\\nRUN d",
    instructions: [
      from,
      { keyword: "RUN", source: "RUN b `\n c \\", body: "b  c \\" },
      { keyword: "RUN", body: "d" },
    ],
  },
  {
    name: "escape directive with CRLF, blanks and upper case",
    text: "#  EsCaPe \t= `  \r\nFROM a\r\nRUN b `\r\nc",
    instructions: [from, { keyword: "RUN", source: "RUN b `\r\nc", body: "b c" }],
  },
  {
    name: "indented escape directive counts",
    text: "  # escape=`\nFROM a\nRUN b `\nc",
    instructions: [from, { keyword: "RUN", source: "RUN b `\nc", body: "b c" }],
  },
  {
    name: "escape directive below a comment is a comment",
    text: "# hello\n# escape=`\nFROM a\nRUN b `\nRUN c",
    instructions: [
      { ...from, leading: ["# hello", "# escape=`"] },
      { keyword: "RUN", body: "b `" },
      { keyword: "RUN", body: "c" },
    ],
  },
  {
    name: "escape directive below an empty line is a comment",
    text: "\n# escape=`\nFROM a\nRUN b `\nRUN c",
    instructions: [
      { ...from, leading: ["# escape=`"] },
      { keyword: "RUN", body: "b `" },
      { keyword: "RUN", body: "c" },
    ],
  },
  {
    name: "an unknown directive ends the directives",
    text: "# foo=bar\n# escape=`\nFROM a\nRUN b `\nRUN c",
    instructions: [
      { ...from, leading: ["# foo=bar", "# escape=`"] },
      { keyword: "RUN", body: "b `" },
      { keyword: "RUN", body: "c" },
    ],
  },
  {
    name: "a shebang ends the directives",
    text: "#!/usr/bin/env docker\n# escape=`\nFROM a\nRUN b `\nRUN c",
    instructions: [
      { ...from, leading: ["#!/usr/bin/env docker", "# escape=`"] },
      { keyword: "RUN", body: "b `" },
      { keyword: "RUN", body: "c" },
    ],
  },
];
