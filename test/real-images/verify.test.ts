import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspace, type Workspace } from "../cli/workspace.ts";
import { fillRoot, libraryOfCp } from "./base-image.ts";
import { makeStore, mayBuild } from "./store.ts";

const base = "localhost/dockerslim-base:1";
const store = makeStore();

const dockerfile = `FROM ${base}
ENV MODE=fast COLOUR=red
RUN mkdir -p /app/data /var/lib/apt/lists/partial
RUN echo one > /app/one && echo two > /app/data/two && echo tool > /app/tool
RUN chmod 750 /app/tool && chown 7:8 /app/tool && ln -s one /app/link
RUN setcap cap_net_raw=ep /app/one
RUN echo index > /var/lib/apt/lists/index && echo some > /var/log/some.log
WORKDIR /app
USER 7
EXPOSE 80
VOLUME /app/data
STOPSIGNAL SIGINT
LABEL team=blue
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["cat link; echo $MODE >&2; exit 3"]
`;

interface Report {
  readonly result: string;
  readonly before: { readonly layers: readonly { readonly line?: number }[] };
  readonly differences: readonly {
    readonly kind: string;
    readonly subject: string;
    readonly message: string;
    readonly judgement: string;
    readonly reason: string;
  }[];
}

type Run = (
  space: Workspace,
  ...words: readonly string[]
) => ReturnType<Workspace["run"]>;

/** The folder for temporary files is the test's own, so that it shows what is left there. */
const run: Run = (space, ...words) => {
  mkdirSync(space.path("tmp"), { recursive: true });
  return space.run(words, { env: { ...store.env, TMPDIR: space.path("tmp") } });
};

describe.skipIf(!mayBuild)("verify with buildah", () => {
  beforeAll(() => {
    const folder = join(store.root, "root");
    fillRoot(folder);
    const container = store.buildah("from", "scratch");
    store.buildah("copy", "--quiet", container, folder, "/");
    store.buildah("config", "--env", "PATH=/bin", container);
    store.buildah("commit", "--quiet", "--rm", container, base);
  });
  afterAll(() => {
    store.remove();
  });

  test("allows a cache to be empty, and says so", async () => {
    const after = dockerfile.replace("echo index > /var/lib/apt/lists/index &&", "");
    const space = workspace({ before: dockerfile, after });
    const words = ["--builder", "buildah", "--keep-cache", "--format", "json"];
    const { code, stdout } = await run(space, "verify", "before", "after", ...words);
    const report = JSON.parse(stdout) as Report;
    expect(report.result).toBe("same");
    expect(report.differences).toEqual([
      expect.objectContaining({
        subject: "/var/lib/apt/lists/index",
        message: "is missing",
        judgement: "allowed",
        reason: "cache of apt",
      }),
    ]);
    expect(report.before.layers.map(({ line }) => line)).toEqual([
      undefined,
      3,
      4,
      5,
      6,
      7,
    ]);
    expect(code).toBe(0);
  });

  const library = mayBuild ? libraryOfCp() : "";
  const libraryName = library.split("/").at(-1) ?? "";

  /** What is broken by putting a text in place of another, and how it has to be named. */
  type Broken = readonly [what: string, from: string, to: string, named: string[]];

  const files: readonly Broken[] = [
    ["a file lost", " && echo two > /app/data/two", "", ["/app/data/two is missing"]],
    [
      "a mode",
      "chmod 750",
      "chmod 700",
      ["/app/tool has the mode 0700 in place of 0750"],
    ],
    [
      "an owner",
      "chown 7:8",
      "chown 7:9",
      ["/app/tool has the owner 7:9 in place of 7:8"],
    ],
    [
      "a link's target",
      "ln -s one",
      "ln -s tool",
      [
        "/app/link links to tool in place of one",
        `standard output has "tool" in line 1 in place of "one"`,
      ],
    ],
    [
      "a file put into a cache",
      "echo some >",
      "echo x > /var/lib/apt/lists/x && echo s >",
      ["/var/lib/apt/lists/x was added"],
    ],
    [
      "an environment variable lost",
      " COLOUR=red",
      "",
      [`Env COLOUR is missing; it was "red"`],
    ],
    ["a label lost", "LABEL team=blue\n", "", [`Labels team is missing; it was "blue"`]],
  ];
  const kinds: readonly Broken[] = [
    [
      "a folder lost",
      "/app/data/two",
      "/app/two && rm -r /app/data",
      ["/app/data is missing", "/app/two was added"],
    ],
    [
      "a file for a link",
      "ln -s one /app/link",
      "cp /app/one /app/link",
      ["/app/link was a symbolic link and is a file"],
    ],
    ["contents", "echo tool >", "echo toll >", ["/app/tool has other contents: 5 bytes"]],
    [
      "a variable's value",
      "MODE=fast",
      "MODE=slow",
      [
        `Env MODE was "fast" and is "slow"`,
        `standard error has "slow" in line 1 in place of "fast"`,
      ],
    ],
    [
      "a capability lost",
      "RUN setcap cap_net_raw=ep /app/one\n",
      "",
      [
        "/app/one has lost the extended attribute security.capability, 0x0100000200200000000000000000000000000000",
      ],
    ],
    [
      "a volume lost",
      "VOLUME /app/data\n",
      "",
      ["Volumes /app/data is missing; it was {}"],
    ],
    [
      "a stop signal",
      "STOPSIGNAL SIGINT",
      "STOPSIGNAL SIGHUP",
      [`StopSignal was "SIGINT" and is "SIGHUP"`],
    ],
    ["a user", "USER 7", "USER 8", [`User was "7" and is "8"`]],
    ["a port lost", "EXPOSE 80\n", "", ["ExposedPorts 80/tcp is missing; it was {}"]],
  ];
  const programs: readonly Broken[] = [
    [
      "a library missing",
      "RUN chmod",
      `RUN rm ${library} && chmod`,
      [
        `${library} is missing`,
        `/bin/cp needs ${libraryName}, which can't be found any more`,
      ],
    ],
    [
      "a working folder",
      "WORKDIR /app\n",
      "WORKDIR /app/data\n",
      [`WorkingDir was "/app" and is "/app/data"`],
    ],
    [
      "an entrypoint",
      `ENTRYPOINT ["/bin/sh", "-c"]`,
      `ENTRYPOINT ["/bin/sh", "-uc"]`,
      [`Entrypoint was ["/bin/sh","-c"] and is ["/bin/sh","-uc"]`],
    ],
    ["an exit code", "exit 3", "exit 4", ["exit code is 4 in place of 3"]],
  ];

  test.each([
    ["files and settings", files],
    ["kinds of files and values", kinds],
    ["programs", programs],
  ])("names each difference: %s", async (_what, changes) => {
    let after = dockerfile;
    for (const [, from, to] of changes) {
      expect(after).toContain(from);
      after = after.replace(from, to);
    }
    const space = workspace({ before: dockerfile, after });
    const words = ["--builder", "buildah", "--keep-cache", "--run-entrypoint"];
    const { code, stdout, stderr } = await run(
      space,
      ...["verify", "before", "after", ...words, "--format", "json"],
    );
    expect(stderr).toBe("");
    const { differences, result } = JSON.parse(stdout) as Report;
    const wrong = differences
      .filter(({ judgement }) => judgement === "differs")
      .map(({ subject, message }) => `${subject} ${message}`);
    for (const [, , , named] of changes)
      expect(wrong).toEqual(expect.arrayContaining(named));
    expect(result).toBe("different");
    expect(code).toBe(1);
  });

  test("--keep keeps the images, and --format markdown names them for a pull request", async () => {
    const space = workspace({ Dockerfile: dockerfile });
    const words = ["--builder", "buildah", "--keep-cache", "--keep"];
    const { code, stdout } = await run(space, "verify", ...words, "--format", "markdown");
    expect(stdout).toMatch(/^### ✅ The images are the same/);
    expect(stdout).toContain("| size | layer before | size | layer after |");
    expect(code).toBe(0);
    const kept = store.buildah("images", "--format", "{{.Name}}:{{.Tag}}").split("\n");
    expect(kept.filter((name) => name.includes("dockerslim-verify"))).toHaveLength(2);
  });

  describe("fix --write --verify", () => {
    const words = ["fix", "--write", "--verify", "--builder", "buildah", "--keep-cache"];
    /** A number that is another one in each build. */
    const random = `FROM ${base}\nRUN cat /proc/sys/kernel/random/uuid > /id\nRUN echo b > /b\n`;

    test("writes what builds the same image", async () => {
      const space = workspace({ Dockerfile: dockerfile });
      const { code, stderr } = await run(space, ...words, "Dockerfile");
      expect(stderr).toContain("Dockerfile: the same image");
      expect(code).toBe(0);
      expect(space.read("Dockerfile")).toContain(" \\\n    && echo one > /app/one");
    });

    test("leaves a file alone whose image would differ", async () => {
      const space = workspace({ Dockerfile: random });
      const { code, stderr } = await run(space, ...words, "Dockerfile");
      expect(stderr).toContain("not written: The images are not the same: 1 difference");
      expect(stderr).toContain("/id, which has other contents: 37 bytes");
      expect(code).toBe(2);
      expect(space.read("Dockerfile")).toBe(random);
    });

    test("goes by what the config allows to differ", async () => {
      const config = JSON.stringify({ verify: { mayDiffer: ["/id"] } });
      const space = workspace({ Dockerfile: random, ".dockerslim.json": config });
      const { code } = await run(space, ...words, "Dockerfile");
      expect(code).toBe(0);
      expect(space.read("Dockerfile")).not.toBe(random);
    });
  });
});
