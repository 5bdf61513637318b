import { describe, expect, test } from "vitest";
import { workspace } from "./workspace.ts";

const dockerfile = `FROM golang:1.23
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /usr/local/bin/fold .
CMD ["fold", "8", "text"]
`;
const project = {
  Dockerfile: dockerfile,
  "go.mod": "module example.com/fold\n\ngo 1.22\n",
  "main.go": `package main

import "os"

func main() { os.Stdout.WriteString(os.Args[2] + "\\n") }
`,
};

/** Go's build cache goes in any case. */
const withoutCleanUp = ["--skip", "clean-package-cache"];

describe("split-stages", () => {
  test("is only mentioned unless it is asked for", async () => {
    const space = workspace(project);
    const { code, stdout, stderr } = await space.run(["fix", ...withoutCleanUp]);
    expect(stdout).toBe("");
    expect(stderr).toContain("1 proposal not applied: add --propose.");
    expect(code).toBe(0);
  });

  test("looks at the build context of a Dockerfile, and writes with --propose --write", async () => {
    const space = workspace(project);
    const { code } = await space.run(["fix", "--propose", "--write", "--allow-dirty"]);
    expect(code).toBe(0);
    const text = space.read("Dockerfile");
    expect(text).toContain("FROM scratch\n");
    expect(text).toContain("COPY --from=build /usr/local/bin/fold /usr/local/bin/fold\n");
    expect(text).toMatch(/CMD \["fold", "8", "text"\]\n$/);
  });

  test("finds the build context above the Dockerfile's own folder", async () => {
    const { Dockerfile, ...sources } = project;
    const space = workspace({
      ...sources,
      "deploy/Dockerfile": Dockerfile.replace("COPY . .", "COPY go.mod main.go ./"),
    });
    const { stdout } = await space.run(["fix", "--propose", "deploy/Dockerfile"]);
    expect(stdout).toContain("+FROM scratch");
  });

  test("knows less of a Dockerfile on standard input", async () => {
    const space = workspace(project);
    const { stdout } = await space.run(["fix", "--propose", "-"], { input: dockerfile });
    expect(stdout).toContain("+FROM debian:bookworm-slim");
  });

  test("leaves files out that .dockerignore leaves out", async () => {
    const space = workspace({
      ...project,
      "words.txt": "one\n",
      "more.txt": "two\n",
      ".dockerignore": "# not for the image\n*.txt\n!more.txt\n",
    });
    const { stdout } = await space.run(["fix", "--propose"]);
    expect(stdout).toContain("+COPY --from=build /src/more.txt /src/more.txt");
    expect(stdout).not.toContain("words.txt");
  });

  test("is left out where it saves less than the config asks for", async () => {
    const settings = { minimumMegabytes: 5000, minimumShare: 1 };
    const space = workspace({
      ...project,
      // What needs a shell isn't shipped on scratch, of which no image can save more.
      Dockerfile: dockerfile.replace(/CMD.*/, "CMD fold 8 text"),
      ".dockerslim.json": JSON.stringify({ transforms: { "split-stages": settings } }),
    });
    const { stdout, stderr } = await space.run([
      "fix",
      "--propose",
      "--verbose",
      ...withoutCleanUp,
    ]);
    expect(stdout).toBe("");
    expect(stderr).toContain("split-stages: it would save about");
  });

  test("explains what it concludes, with the places that it is drawn from", async () => {
    const space = workspace(project);
    const { code, stdout } = await space.run(["explain", "split-stages", "Dockerfile"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "Dockerfile: the Go program can be built in a stage of its own and shipped on scratch.",
    );
    expect(stdout).toMatch(/^Dockerfile:1 +toolchain +golang:1.23$/m);
    expect(stdout).toMatch(/^Dockerfile:4 +artefact +\/usr\/local\/bin\/fold$/m);
    expect(stdout).toMatch(/^Dockerfile:5 +start +fold 8 text$/m);
  });

  test("explains why it proposes nothing", async () => {
    const space = workspace({ Dockerfile: dockerfile.replace(/CMD.*/, 'CMD ["bash"]') });
    const { stdout } = await space.run(["explain", "split-stages", "Dockerfile"]);
    expect(stdout).toContain("Dockerfile: no split is proposed.");
    expect(stdout).toMatch(/^Dockerfile:5 +unknown +a shell starts/m);
  });

  test.each([
    ["a file that isn't there", ["split-stages", "none"], "none: error: "],
    [
      "another transform",
      ["merge-runs", "Dockerfile"],
      "only split-stages explains itself",
    ],
  ])("explain with %s is an error", async (_, words, message) => {
    const { code, stdout, stderr } = await workspace(project).run(["explain", ...words]);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});
