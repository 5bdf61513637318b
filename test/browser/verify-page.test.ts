import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspace } from "../cli/workspace.ts";
import { dockerArchive } from "../images/archives.ts";
import { file, tar } from "../images/tar.ts";
import { fillRoot } from "../real-images/base-image.ts";
import { makeStore, mayBuild } from "../real-images/store.ts";
import { mayBrowse, startBrowser } from "./chromium.ts";
import { expectGoodPage, opened } from "./look.ts";

const base = "localhost/dockerslim-base:1";
const store = makeStore();
const evil = "<script>alert(1)<img src=x onerror=alert(2)>";

/** Zeros to write from: the image has a shell and hardly a program. */
const dockerfile = `FROM ${base}
ENV MODE=fast
RUN cp /zeros /kept
RUN mkdir -p /var/lib/apt/lists/partial && cp /zeros /var/lib/apt/lists/index
RUN cp /zeros /tmp/a && cp /zeros '/tmp/${evil}' && cat /zeros /zeros > /tmp/b
RUN rm -r /tmp/a /tmp/b /tmp/*script*
CMD ["/bin/cat", "/kept"]
`;

describe.skipIf(!mayBuild || !mayBrowse)("the page of verify --report", () => {
  let browser: Browser;
  beforeAll(async () => {
    const folder = join(store.root, "root");
    fillRoot(folder);
    const zeros = join(store.root, "zeros");
    writeFileSync(zeros, Buffer.alloc(1_000_000));
    const container = store.buildah("from", "scratch");
    store.buildah("copy", "--quiet", container, folder, "/");
    store.buildah("copy", "--quiet", container, zeros, "/zeros");
    store.buildah("config", "--env", "PATH=/bin", container);
    store.buildah("commit", "--quiet", "--rm", container, base);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    store.remove();
  });

  async function pageOf(files: Readonly<Record<string, string>>, ...words: string[]) {
    const space = workspace(files);
    const { code, stdout, stderr } = await space.run(
      [
        ...["verify", ...words, "--builder", "buildah", "--keep-cache"],
        ...["--report", "page.html"],
      ],
      { env: store.env },
    );
    expect(stderr).toBe("");
    const listed = space.names();
    return { code, stdout, page: space.path("page.html"), listed, space };
  }

  test("tells what went, from which layer, and the rewrite that did it", async () => {
    const words = ["Dockerfile", "--run-entrypoint"];
    const { code, page, listed } = await pageOf({ Dockerfile: dockerfile }, ...words);
    expect(code).toBe(0);
    expect(listed).toEqual(["Dockerfile", "page.html"]);
    await expectGoodPage(browser, page);
    await opened(browser, page, {}, async (shown) => {
      expect(await shown.getByRole("heading", { level: 1 }).innerText()).toMatch(
        /The images are the same$/,
      );
      const texts = async (region: string, selector: string) =>
        (
          await shown
            .getByRole("region", { name: region })
            .locator(selector)
            .allInnerTexts()
        ).map((text) => text.replace(/\s+/g, " ").trim());
      const layers = await texts("Layers", "ol > li");
      expect(layers).toHaveLength(5 + 2);
      expect(layers[0]).toContain("base image");
      expect(layers[3]).toContain("4.0 MB RUN cp /zeros /tmp/a");
      expect(layers[3]).toContain("line 5 · 4.0 MB went");
      expect(layers[6]).toMatch(/^Layer 2 2\.0 MB RUN cp .* line 3\b/);
      expect(await texts("What went", "p")).toContain("4.0 MB in 3 files went.");
      expect(await texts("What went", ".treemap .hidden")).toEqual([
        "/tmp/b, 2.0 MB, 50.0 %",
        `/tmp/${evil}, 1.0 MB, 25.0 %`,
        "/tmp/a, 1.0 MB, 25.0 %",
      ]);
      const added = await texts("Changes to the Dockerfile", "tr.added");
      expect(added[0]).toBe("3 + RUN cp /zeros /kept \\");
      expect(await shown.locator("header").innerText()).toContain(
        "it ended with 0 and printed 1.0 MB",
      );
    });
  });

  test("names each difference with its judgement", async () => {
    const after = dockerfile
      .replace(" && cp /zeros /var/lib/apt/lists/index", "")
      .replace("MODE=fast", `MODE='${evil}'`)
      .replace("/kept", "/other\u202e");
    const words = ["before", "after"];
    const { code, page } = await pageOf({ before: dockerfile, after }, ...words);
    expect(code).toBe(1);
    await expectGoodPage(browser, page);
    await opened(browser, page, {}, async (shown) => {
      const items = await shown
        .getByRole("region", { name: "Differences" })
        .getByRole("listitem")
        .allInnerTexts();
      expect(items.map((text) => text.replace(/\s+/g, " ").trim())).toEqual([
        `Not allowed Configuration Env MODE was "fast" and is "${evil}"`,
        "Not allowed File /kept is missing (1.0 MB)",
        "Not allowed File /other‹U+202E› was added (1.0 MB)",
        "Allowed File /var/lib/apt/lists/index is missing (1.0 MB)",
      ]);
    });
  });

  test("127 layers and 50,000 files that went are a page of sane size", async () => {
    const many = Array.from({ length: 50_000 }, (_, index) =>
      file(`srv/${index % 7}/${index % 250}/some-file-${index}`, "x".repeat(index % 90)),
    );
    const small = Array.from({ length: 125 }, (_, index) =>
      tar(file(`layer/${index}`, "x".repeat(index * 100))),
    );
    const space = workspace({
      "before.tar": dockerArchive({ layers: [...small, tar(...many)], tag: "b:1" }),
      "after.tar": dockerArchive({ layers: small, tag: "a:1" }),
    });
    for (const side of ["before", "after"]) {
      store.buildah("pull", "--quiet", `docker-archive:${space.path(`${side}.tar`)}`);
    }
    const {
      code,
      page,
      space: built,
    } = await pageOf(
      {
        before: "FROM localhost/b:1\nLABEL a=b\n",
        after: "FROM localhost/a:1\nLABEL a=b\n",
      },
      ...["before", "after"],
    );
    expect(code).toBe(1);
    expect(built.read("page.html").length).toBeLessThan(400_000);
    await expectGoodPage(browser, page);
    await opened(browser, page, {}, async (shown) => {
      const cells = await shown.locator(".treemap li").count();
      expect(cells).toBeGreaterThan(5);
      expect(cells).toBeLessThan(50);
      expect(await shown.locator("#gone > p").innerText()).toContain("in 49,444 files");
      expect(await shown.locator("ol.layers").first().innerText()).toContain("all small");
    });
  });
});
