import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspace, type Workspace } from "../cli/workspace.ts";
import { fillRoot } from "./base-image.ts";
import { makeStore, mayBuild } from "./store.ts";

const full = "localhost/dockerslim-full:1";
const small = "localhost/dockerslim-small:1";
const store = makeStore();

const before = `FROM ${full}
ENV MODE=fast
RUN mkdir -p /app && echo program > /app/program && echo scratch > /app/object
RUN chmod 755 /app/program
USER 7
CMD ["cat", "/app/program"]
`;
const head = before.slice(before.indexOf("\n"), before.indexOf("USER"));
const after = `FROM ${full} AS build${head}
FROM ${small}
ENV MODE=fast
COPY --from=build /app/program /app/program
USER 7
CMD ["cat", "/app/program"]
`;

interface Report {
  readonly result: string;
  readonly split: boolean;
  readonly differences: readonly {
    readonly subject: string;
    readonly message: string;
    readonly judgement: string;
    readonly reason: string;
  }[];
}

const verify = async (split: string, original = before): Promise<Report> => {
  const space: Workspace = workspace({ before: original, after: split });
  mkdirSync(space.path("tmp"), { recursive: true });
  const words = ["--builder", "buildah", "--run-entrypoint", "--format", "json"];
  const { stdout, stderr } = await space.run(["verify", "before", "after", ...words], {
    env: { ...store.env, TMPDIR: space.path("tmp") },
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Report;
};

describe.skipIf(!mayBuild)("verify of a split stage, with buildah", () => {
  beforeAll(() => {
    const folder = join(store.root, "root");
    fillRoot(folder);
    for (const [name, toolchain] of [
      [full, "yes"],
      [small, undefined],
    ] as const) {
      const container = store.buildah("from", "scratch");
      store.buildah("copy", "--quiet", container, folder, "/");
      store.buildah("config", "--env", "PATH=/bin", container);
      if (toolchain !== undefined) {
        store.buildah("config", "--env", "TOOLCHAIN=1.2", container);
        store.buildah("run", container, "/bin/sh", "-c", "echo compiler > /compiler");
      }
      store.buildah("commit", "--quiet", "--rm", container, name);
    }
  });
  afterAll(() => {
    store.remove();
  });

  test("needs the artefacts and the configuration to be the same, and no toolchain", async () => {
    const report = await verify(after);
    expect(report).toMatchObject({ result: "same", split: true });
    expect(report.differences).toEqual([
      expect.objectContaining({
        subject: "Env TOOLCHAIN",
        judgement: "allowed",
        reason: "comes from the base image",
      }),
    ]);
  });

  test("names a variable, a user and an artefact that were lost", async () => {
    const broken = after
      .replace("ENV MODE=fast\nCOPY", "COPY")
      .replace(/USER 7\nCMD(?![^]*CMD)/, "USER 8\nCMD")
      .replace("/app/program /app/program", "/app/object /app/program");
    const { result, differences } = await verify(broken);
    expect(result).toBe("different");
    const wrong = differences.filter(({ judgement }) => judgement === "differs");
    expect(wrong.map(({ subject, message }) => `${subject} ${message}`)).toEqual([
      `User was "7" and is "8"`,
      `Env MODE is missing; it was "fast"`,
      "/app/program has the mode 0644 in place of 0755",
      "/app/program has other contents: 8 bytes",
      expect.stringContaining("standard output has"),
    ]);
  });

  test("compares what fills a folder of the base image, in both directions", async () => {
    const original = `FROM ${full}
RUN mkdir -p /usr/local/lib && echo module > /usr/local/lib/module
CMD ["cat", "/usr/local/lib/module"]
`;
    const run = "RUN mkdir -p /install/lib && echo module > /install/lib/module";
    const split = (build: string): string =>
      `FROM ${full} AS build\n${build}\nFROM ${small}\nCOPY --from=build /install /usr/local\nCMD ["cat", "/usr/local/lib/module"]\n`;
    const same = await verify(split(run), original);
    expect(same).toMatchObject({ result: "same", split: true });
    const { differences } = await verify(
      split(`${run} && echo new > /install/lib/new`),
      original.replace("\nCMD", "\nRUN echo other > /usr/local/lib/other\nCMD"),
    );
    const wrong = differences.filter(({ judgement }) => judgement === "differs");
    expect(wrong.map(({ subject, message }) => `${subject} ${message}`)).toEqual([
      "/usr/local/lib/new was added",
      "/usr/local/lib/other is missing",
    ]);
  });

  test("allows that modules are gone which npm lists for development, and no others", async () => {
    const list = (...names: readonly string[]): string =>
      JSON.stringify({
        packages: Object.fromEntries(
          names.map((name) => [
            `node_modules/${name}`,
            name === "compiler" ? { dev: true } : {},
          ]),
        ),
      });
    const modules = [
      "RUN mkdir -p /app/node_modules/compiler /app/node_modules/server",
      "RUN echo tsc > /app/node_modules/compiler/tsc && echo serve > /app/node_modules/server/serve",
      `RUN echo '${list("compiler", "server")}' > /app/node_modules/.package-lock.json`,
    ].join("\n");
    const command = 'CMD ["cat", "/app/node_modules/server/serve"]';
    // What npm does; the image has no Node.
    const npm = [
      `RUN echo '#!/bin/sh' > /bin/npm && echo 'rm -r /app/node_modules/compiler' >> /bin/npm`,
      `RUN echo "echo '${list("server").replaceAll('"', '\\"')}' > /app/node_modules/.package-lock.json" >> /bin/npm`,
      "RUN chmod 755 /bin/npm",
      "RUN npm prune --omit=dev",
    ].join("\n");
    const split = (build: string): string =>
      `FROM ${full} AS build\n${modules}\n${build}\nFROM ${small}\nCOPY --from=build /app /app\n${command}\n`;
    const original = `FROM ${full}\n${modules}\n${command}\n`;
    const { result, differences } = await verify(split(npm), original);
    expect(differences).toContainEqual(
      expect.objectContaining({
        subject: "/app/node_modules/compiler",
        judgement: "allowed",
        reason: "npm lists it as needed for development only",
      }),
    );
    expect(result).toBe("same");
    const lost = await verify(
      split(npm.replace("rm -r /app/node_modules/compiler", "rm -r /app/node_modules/*")),
      original,
    );
    expect(lost.differences).toContainEqual(
      expect.objectContaining({
        subject: "/app/node_modules/server",
        message: "is missing",
        judgement: "differs",
      }),
    );
  });

  test("allows what differs between two builds of the original", async () => {
    const varied = (text: string): string =>
      text
        .replace("echo program >", "cat /proc/sys/kernel/random/uuid >")
        .replace('"cat", "/app/program"', '"sh", "-c", "echo hello"');
    const { result, differences } = await verify(varied(after), varied(before));
    expect(differences).toContainEqual(
      expect.objectContaining({
        subject: "/app/program",
        judgement: "allowed",
        reason: "differs between two builds of the original, too",
      }),
    );
    expect(result).toBe("same");
  });
});
