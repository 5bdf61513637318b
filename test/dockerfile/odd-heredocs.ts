import type { OddInput } from "./odd-input.ts";

const from = { keyword: "FROM", body: "a" };

function run(
  name: string,
  source: string,
  body: string,
  heredocs: readonly string[],
  heredocBodies: readonly string[],
): OddInput {
  const [keyword = ""] = source.split(" ");
  return {
    name,
    text: `FROM a\n${source}\nUSER b\n`,
    instructions: [
      from,
      { keyword, source: source.replace(/\r$/, ""), body, heredocs, heredocBodies },
      { keyword: "USER", body: "b" },
    ],
  };
}

export const ODD_HEREDOCS: readonly OddInput[] = [
  run("heredoc", "RUN <<EOF\nb\nEOF", "<<EOF", ["<<EOF"], ["b\n"]),
  run("empty heredoc", "RUN <<EOF\nEOF", "<<EOF", ["<<EOF"], [""]),
  run(
    "comments, blank lines and escape characters in a heredoc stay",
    "RUN <<EOF\n# b\n\nc \\\nFROM d\nEOF",
    "<<EOF",
    ["<<EOF"],
    ["# b\n\nc \\\nFROM d\n"],
  ),
  run(
    "several heredocs in a line",
    "COPY <<X <<Y /b\nY\nX\nX\nY",
    "<<X <<Y /b",
    ["<<X", "<<Y"],
    ["Y\n", "X\n"],
  ),
  run(
    "heredoc with a command",
    "RUN python3 <<EOF > b && c\nd\nEOF",
    "python3 <<EOF > b && c",
    ["<<EOF"],
    ["d\n"],
  ),
  run(
    "<<- ignores tabs before the terminator, but not blanks",
    "RUN <<-EOF\n\tb\n EOF\n\t\tEOF",
    "<<-EOF",
    ["<<-EOF"],
    ["\tb\n EOF\n"],
  ),
  run(
    "<< wants the terminator exactly",
    "RUN <<EOF\n\tEOF\nEOF \nEOFX\nEOF",
    "<<EOF",
    ["<<EOF"],
    ["\tEOF\nEOF \nEOFX\n"],
  ),
  run("CRLF heredoc", "RUN <<EOF\r\nb\r\nEOF\r", "<<EOF", ["<<EOF"], ["b\r\n"]),
  run("single quoted delimiter", "RUN <<'E F'\nb\nE F", "<<'E F'", ["<<'E F'"], ["b\n"]),
  run("double quoted delimiter", 'RUN <<"EOF"\nb\nEOF', '<<"EOF"', ['<<"EOF"'], ["b\n"]),
  run("partly quoted delimiter", "RUN <<E'O'F\nb\nEOF", "<<E'O'F", ["<<E'O'F"], ["b\n"]),
  run("file descriptor", "RUN 3<<EOF cat\nb\nEOF", "3<<EOF cat", ["3<<EOF"], ["b\n"]),
  run(
    "blanks before the delimiter",
    "RUN <<  EOF cat\nb\nEOF",
    "<<  EOF cat",
    ["<<  EOF"],
    ["b\n"],
  ),
  run(
    "a variable isn't expanded in the delimiter",
    "RUN <<$EOF\nb\n$EOF",
    "<<$EOF",
    ["<<$EOF"],
    ["b\n"],
  ),
  run(
    "heredoc behind a continuation",
    "RUN c \\\n  cat <<EOF\nb\nEOF",
    "c   cat <<EOF",
    ["<<EOF"],
    ["b\n"],
  ),
  run("heredoc in ONBUILD", "ONBUILD RUN <<EOF\nb\nEOF", "RUN <<EOF", ["<<EOF"], ["b\n"]),
  run("<<< is none", "RUN b <<<c", "b <<<c", [], []),
  run("<< in quotes is none", "RUN b '<<EOF' \"<<EOF\"", "b '<<EOF' \"<<EOF\"", [], []),
  run("<< inside a word is none", "RUN b<<EOF", "b<<EOF", [], []),
  run("an escaped << is none", "RUN b \\<<EOF", "b \\<<EOF", [], []),
  run("<< at the end is none", "RUN b <<", "b <<", [], []),
  run(
    "an apostrophe in the line hides heredocs from BuildKit",
    "RUN b <<EOF && echo don't",
    "b <<EOF && echo don't",
    [],
    [],
  ),
  run(
    "so does an expansion that BuildKit doesn't know",
    "RUN b <<EOF && echo ${c[0]}",
    "b <<EOF && echo ${c[0]}",
    [],
    [],
  ),
  run("no heredocs in CMD", "CMD b <<EOF", "b <<EOF", [], []),
  run("no heredocs in ENV", "ENV b <<EOF", "b <<EOF", [], []),
  run("no heredocs in ONBUILD CMD", "ONBUILD CMD b <<EOF", "CMD b <<EOF", [], []),
].concat([
  {
    name: "no heredocs in the JSON form",
    text: 'FROM a\nRUN ["b", "<<EOF"]\nUSER b',
    instructions: [
      from,
      { keyword: "RUN", body: '["b", "<<EOF"]', json: ["b", "<<EOF"] },
      { keyword: "USER", body: "b" },
    ],
  },
  {
    name: "terminator at the end of the file",
    text: "FROM a\nRUN <<EOF\nb\nEOF",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN <<EOF\nb\nEOF",
        body: "<<EOF",
        heredocs: ["<<EOF"],
        heredocBodies: ["b\n"],
      },
    ],
  },
  {
    name: "comment behind a heredoc",
    text: "FROM a\nRUN <<EOF\n# b\nEOF\n# c\nUSER d",
    instructions: [
      from,
      {
        keyword: "RUN",
        source: "RUN <<EOF\n# b\nEOF",
        body: "<<EOF",
        heredocs: ["<<EOF"],
        heredocBodies: ["# b\n"],
      },
      { keyword: "USER", body: "d", leading: ["# c"] },
    ],
  },
  {
    name: "a heredoc with the backtick escape still takes \\ as BuildKit does",
    text: "# escape=`\nFROM a\nRUN b \\<<EOF\nUSER c",
    instructions: [
      from,
      { keyword: "RUN", body: "b \\<<EOF" },
      { keyword: "USER", body: "c" },
    ],
  },
]);
