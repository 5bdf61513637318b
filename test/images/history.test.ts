import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { transforms } from "../../transforms/index.ts";
import { workspace } from "../cli/workspace.ts";
import { dockerArchive, type HistoryLine } from "./archives.ts";
import {
  file,
  folder,
  hardLink,
  opaque,
  symlink,
  tar,
  whiteout,
  type Entry,
} from "./tar.ts";

interface Output {
  readonly image: {
    readonly names: string[];
    readonly bytes: number;
    readonly wastedBytes: number;
    readonly efficiency: number;
  };
  readonly history: {
    readonly createdBy: string;
    readonly layer?: number;
    readonly bytes: number;
    readonly wastedBytes: number;
    readonly line?: number;
  }[];
  readonly waste: {
    readonly path: string;
    readonly kind: string;
    readonly bytes: number;
    readonly files: number;
    readonly writtenIn: number;
    readonly removedIn: number;
    readonly transform?: string;
    readonly advice: string;
  }[];
}

const bytes = (length: number) => "x".repeat(length);

interface Case {
  readonly layers: readonly (readonly Entry[])[];
  readonly history?: readonly HistoryLine[];
  readonly dockerfile?: string;
}

async function historyOf({ layers, history, dockerfile }: Case): Promise<Output> {
  const archive = dockerArchive({
    layers: layers.map((entries) => tar(...entries)),
    ...(history && { history }),
  });
  const { run } = workspace({ "image.tar": archive, "app.Dockerfile": dockerfile ?? "" });
  const options = dockerfile === undefined ? [] : ["--dockerfile", "app.Dockerfile"];
  const words = ["history", "image.tar", "--format", "json", ...options];
  const { code, stdout, stderr } = await run(words);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as Output;
}

describe("waste", () => {
  test("a file that is overwritten or deleted later", async () => {
    const { image, history, waste } = await historyOf({
      layers: [
        [file("kept", bytes(100)), file("new", bytes(10)), file("old", bytes(20))],
        [file("new", bytes(30)), whiteout("old"), whiteout("was/never/there")],
      ],
    });
    expect(image).toMatchObject({
      bytes: 160,
      wastedBytes: 30,
      efficiency: 1 - 30 / 160,
    });
    expect(history.map(({ wastedBytes }) => wastedBytes)).toEqual([30, 0]);
    const common = { files: 1, writtenIn: 1, removedIn: 2 };
    expect(waste).toMatchObject([
      { path: "/old", kind: "deleted", bytes: 20, ...common },
      { path: "/new", kind: "overwritten", bytes: 10, ...common },
    ]);
  });

  test("a folder deleted at once, with what two layers put into it", async () => {
    const { waste } = await historyOf({
      layers: [
        [file("d/a", bytes(10)), file("d/b", bytes(20))],
        [file("d/c", bytes(5))],
        [whiteout("d")],
      ],
    });
    expect(waste).toMatchObject([
      { path: "/d", bytes: 30, files: 2, writtenIn: 1, removedIn: 3 },
      { path: "/d", bytes: 5, files: 1, writtenIn: 2, removedIn: 3 },
    ]);
  });

  test("an opaque folder hides what was below, wherever its mark stands", async () => {
    const { waste } = await historyOf({
      layers: [
        [file("d/old", bytes(10)), file("d/in/old", bytes(20))],
        [file("d/in/new", bytes(1)), opaque("d")],
      ],
    });
    expect(waste.map(({ path, bytes: lost }) => [path, lost])).toEqual([
      ["/d/in", 20],
      ["/d/old", 10],
    ]);
  });

  test("bytes with a hard link left are no waste", async () => {
    const linked = [file("a", bytes(50)), hardLink("b", "a")];
    const one = await historyOf({ layers: [linked, [whiteout("a")]] });
    expect(one.waste).toEqual([]);
    const both = await historyOf({ layers: [linked, [whiteout("a"), whiteout("b")]] });
    expect(both.waste).toMatchObject([{ bytes: 50, files: 1 }]);
  });

  test("a file written by way of a link to a folder is the same file", async () => {
    const { waste } = await historyOf({
      layers: [
        [folder("usr/lib/"), symlink("lib", "usr/lib"), file("usr/lib/x", bytes(9))],
        [file("lib/x", bytes(8))],
        [file("usr/lib/x", bytes(7))],
      ],
    });
    expect(waste.map(({ bytes: lost }) => lost)).toEqual([9, 8]);
  });

  test("a folder in place of a file, a change of mode, and nothing at all", async () => {
    const { waste, image } = await historyOf({
      layers: [
        [file("a", bytes(9)), folder("d/"), file("d/x", bytes(1))],
        [folder("a/"), folder("d/")],
      ],
    });
    expect(waste).toMatchObject([{ path: "/a", kind: "overwritten", bytes: 9 }]);
    expect(image.wastedBytes).toBe(9);
    expect((await historyOf({ layers: [] })).image.efficiency).toBe(1);
  });

  test("many files of a folder become one line", async () => {
    const names = Array.from({ length: 9 }, (_, index) => `opt/app/lib/${index}`);
    const { waste } = await historyOf({
      layers: [
        names.map((name) => file(name, bytes(10))),
        names.map((name) => file(name, bytes(10))),
      ],
    });
    expect(waste).toMatchObject([{ path: "/opt/app/lib", bytes: 90, files: 9 }]);
  });
});

describe("which transform would remove it", () => {
  const apt = "var/lib/apt/lists/index";
  const written = [file(apt, bytes(9))];
  const run = (script: string) => ({ created_by: `RUN /bin/sh -c ${script} # buildkit` });
  const label = { created_by: "LABEL a=b", empty_layer: true };
  const copy = { created_by: "COPY . /srv # buildkit" };

  test.each<[string, readonly HistoryLine[], string | undefined]>([
    ["two RUNs", [run("make"), label, run("rm")], "merge-runs"],
    [
      "RUNs of the classic builder",
      [
        { created_by: "/bin/sh -c make" },
        { created_by: "/bin/sh -c #(nop)  LABEL a=b", empty_layer: true },
        { created_by: "|1 A=b /bin/sh -c rm" },
      ],
      "merge-runs",
    ],
    [
      "a cache, with an ENV between",
      [run("make"), { created_by: "ENV a=b", empty_layer: true }, run("rm")],
      "clean-package-cache",
    ],
    ["COPY and RUN", [copy, run("chown")], undefined],
  ])("%s", async (_name, history, transform) => {
    const { waste } = await historyOf({ layers: [written, [whiteout(apt)]], history });
    expect(waste[0]?.transform).toBe(transform);
    expect(waste[0]?.advice).not.toBe("");
    if (transform !== undefined) {
      expect(transforms.map(({ id }) => id)).toContain(transform);
    }
  });

  test("with the Dockerfile, one that does change the instructions", async () => {
    const history = [{ created_by: "base" }, run("make data"), label, run("rm /data")];
    const layers = [[file("base")], [file("data", bytes(9))], [whiteout("data")]];
    const mergeable = "FROM x\nRUN make data\nLABEL a=b\nRUN rm /data\n";
    const merged = await historyOf({ layers, history, dockerfile: mergeable });
    expect(merged.waste[0]?.transform).toBe("merge-runs");
    const kept = mergeable.replace("RUN make data", "RUN make data & wait");
    const refused = await historyOf({
      layers,
      history: history.map((line) =>
        line.created_by.includes("make") ? run("make data & wait") : line,
      ),
      dockerfile: kept,
    });
    expect(refused.waste[0]).not.toHaveProperty("transform");
    expect(refused.waste[0]?.advice).toMatch(/^merge-runs leaves it alone: ./);
  });

  test("nothing for what the base image holds", async () => {
    const { waste } = await historyOf({
      layers: [written, [whiteout(apt)]],
      history: [{ created_by: "base" }, run("rm")],
      dockerfile: "FROM x\nRUN rm\n",
    });
    expect(waste[0]).not.toHaveProperty("transform");
    expect(waste[0]?.advice).toContain("base image");
  });
});

test("lines of the Dockerfile, by text and order", async () => {
  const dockerfile = [
    "FROM base AS first",
    "RUN make one",
    "FROM other",
    "ARG LEVEL=3",
    "RUN make   one \\",
    "    && make two",
    "COPY --chown=1 . /srv",
    "RUN make one",
    'CMD ["serve"]',
    "",
  ].join("\n");
  const none = { empty_layer: true };
  const history = [
    { created_by: "RUN /bin/sh -c make one # buildkit" },
    { created_by: 'CMD ["bash"]', ...none },
    { created_by: "ARG LEVEL=3", ...none },
    { created_by: "RUN |1 LEVEL=a b /bin/sh -c make   one     && make two # buildkit" },
    { created_by: "COPY --chown=1 . /srv # buildkit" },
    { created_by: "RUN |1 LEVEL=a b /bin/sh -c make one # buildkit" },
    { created_by: 'CMD ["serve"]', ...none },
  ];
  const layers = [[file("a")], [file("b")], [file("c")], [file("d")]];
  const output = await historyOf({ layers, history, dockerfile });
  expect(output.history.map(({ line }) => line)).toEqual([
    undefined,
    undefined,
    4,
    5,
    7,
    8,
    9,
  ]);
  expect(output.history.map(({ layer }) => layer)).toEqual([
    1,
    undefined,
    undefined,
    2,
    3,
    4,
    undefined,
  ]);
});

describe("the command", () => {
  const history = [
    { created_by: "RUN /bin/sh -c make all # buildkit" },
    { created_by: "ENV a=b|c", empty_layer: true },
    { created_by: "RUN /bin/sh -c \u001b[31mrm /x\u202e # buildkit" },
  ];
  const layers = [
    tar(file("x", bytes(1_500_000))),
    tar(whiteout("x"), file("y", bytes(500_000))),
  ];
  const files = { "image.tar": dockerArchive({ layers, history }) };

  test("shows the newest layer first, with its share and waste", async () => {
    const { code, stdout, stderr } = await workspace(files).run(["history", "image.tar"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("app:1  linux/amd64");
    expect(lines[3]).toMatch(/^ +2 +500\.0 kB +███░{7} +25 % +RUN .*rm \/x/);
    expect(lines[4]).toMatch(/^ +0 bytes +ENV a=b\|c$/);
    expect(lines[5]).toMatch(/^ +1 +1\.5 MB +█{8}░░ +75 % +1\.5 MB +RUN make all$/);
    expect(stdout).toContain("Efficiency  25.0 %");
    expect(stdout).toMatch(/1\.5 MB +1 -> 2 +1 +deleted +\/x +- +remove it in the RUN/);
  });

  test("takes nothing of an image for an order to the terminal", async () => {
    for (const format of ["table", "markdown"]) {
      const { stdout } = await workspace(files).run([
        "history",
        "image.tar",
        "--format",
        format,
      ]);
      expect(stdout).toContain("rm /x");
      expect(stdout).not.toContain("\u001b");
      expect(stdout).not.toContain("\u202e");
    }
  });

  test("writes tables in Markdown", async () => {
    const words = ["history", "image.tar", "--format", "markdown"];
    const { stdout } = await workspace(files).run(words);
    expect(stdout).toContain("| layer | size | share | waste | created by |\n| --- |");
    expect(stdout).toContain("| `ENV a=b\\|c` |");
  });

  test("colours only where they are wanted", async () => {
    const { run } = workspace(files);
    const coloured = await run(["history", "image.tar"], { env: { FORCE_COLOR: "1" } });
    expect(coloured.stdout).toContain("\u001b[");
    for (const [words, env] of [
      [["--no-color"], { FORCE_COLOR: "1" }],
      [[], { FORCE_COLOR: "1", NO_COLOR: "1" }],
      [[], {}],
    ] as const) {
      const { stdout } = await run(["history", "image.tar", ...words], { env });
      expect(stdout).not.toContain("\u001b[");
    }
  });

  test("reads standard input", async () => {
    const { path, run } = workspace(files);
    const input = readFileSync(path("image.tar"));
    const piped = await run(["history", "-"], { input });
    expect(piped.stdout).toBe((await run(["history", "image.tar"])).stdout);
  });

  test.each<[string, string[], string]>([
    ["a file that is no image", ["notes.txt"], "notes.txt: error: "],
    ["an empty folder", ["empty"], "empty: error: this is no image"],
    ["a cut archive", ["cut.tar"], "cut.tar: error: the archive"],
    [
      "no such image, and no builder",
      ["none"],
      "none: error: there is no such file, and no docker",
    ],
    [
      "an option for an image",
      ["--", "--privileged"],
      "neither a file nor an image's name",
    ],
    ["an unknown builder", ["none", "--builder", "make"], "not make"],
    ["a builder that isn't there", ["none", "--builder", "./podman"], "not on the PATH"],
    [
      "a missing Dockerfile",
      ["image.tar", "--dockerfile", "none"],
      "none: error: the file can't be read",
    ],
    ["an unknown format", ["image.tar", "--format", "xml"], "table, json, markdown"],
    ["no image", [], "missing required argument"],
  ])("%s is exit code 2", async (_name, words, message) => {
    const space = workspace({
      ...files,
      "notes.txt": "not an image\n",
      "empty/notes.txt": "",
      "cut.tar": files["image.tar"].subarray(0, 70_000),
    });
    const result = await space.run(["history", ...words], { env: { PATH: space.root } });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain("    at ");
  });
});
