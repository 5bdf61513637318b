import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspace } from "../cli/workspace.ts";
import { dockerArchive, type MadeUpImage } from "../images/archives.ts";
import { file, opaque, tar, whiteout } from "../images/tar.ts";
import { mayBrowse, startBrowser } from "./chromium.ts";
import { expectGoodPage, opened } from "./look.ts";

const bytes = (length: number) => "x".repeat(length);

describe.skipIf(!mayBrowse)("the page of history --report", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  /** The page's path, in a folder that is gone when the test is over. */
  async function pageOf(image: MadeUpImage, dockerfile = ""): Promise<string> {
    const space = workspace({
      "image.tar": dockerArchive(image),
      Dockerfile: dockerfile,
    });
    const words = ["history", "image.tar", "--report", "page.html"];
    const options = dockerfile === "" ? [] : ["--dockerfile", "Dockerfile"];
    const { code, stderr } = await space.run([...words, ...options]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    return space.path("page.html");
  }

  test("draws the layers to scale, and tells their instructions and lines", async () => {
    const dockerfile =
      "FROM scratch\nCOPY a /\nRUN make big \\\n  && make small\nRUN rm -r /tmp\n";
    const page = await pageOf(
      {
        layers: [
          tar(file("app/base", bytes(20_000))),
          tar(file("tmp/big", bytes(60_000)), file("app/kept", bytes(20_000))),
          tar(whiteout("tmp")),
        ],
        history: [
          { created_by: "COPY a / # buildkit" },
          { created_by: "RUN /bin/sh -c make big   && make small # buildkit" },
          { created_by: "RUN /bin/sh -c rm -r /tmp # buildkit" },
        ],
      },
      dockerfile,
    );
    await expectGoodPage(browser, page);
    await opened(browser, page, {}, async (shown) => {
      const layers = shown
        .getByRole("region", { name: "Layers" })
        .getByRole("list")
        .getByRole("listitem");
      const texts = await layers.allInnerTexts();
      expect(texts.map((text) => text.replace(/\s+/g, " ").trim())).toEqual([
        "Layer 1 20.0 kB COPY a / line 2",
        "Layer 2 80.0 kB RUN make big && make small line 3 · 60.0 kB is wasted",
        "Layer 3 0 bytes RUN rm -r /tmp line 5",
      ]);
      const widths = await layers.evaluateAll((rows) =>
        rows.map((row) => {
          const width = (selector: string) =>
            row.querySelector(selector)?.getBoundingClientRect().width ?? 0;
          const all = width("svg");
          return [width(".stays") / all, width(".went") / all].map(
            (share) => Math.round(100 * share) / 100,
          );
        }),
      );
      expect(widths).toEqual([
        [0.25, 0],
        [0.25, 0.75],
        [0, 0],
      ]);
    });
  });

  test("hostile names stay text", async () => {
    const hostile = `</script></style><script>document.title="owned"</script><img src=x onerror=alert(1)>`;
    const page = await pageOf({
      tag: `evil"'><svg/onload=alert(2)>:1`,
      layers: [
        tar(
          file(`<script>alert(3)<img src=x onerror=alert(5)>`, bytes(9000)),
          file(`a"onfocus="alert(4)`, bytes(8000)),
          file("photo\u202egpj.exe", bytes(7000)),
          file("bell\u0007\u001b[31m", bytes(6000)),
        ),
        tar(opaque(".")),
      ],
      history: [
        { created_by: `RUN /bin/sh -c echo ${hostile} ${"long ".repeat(20_000)}` },
        { created_by: `RUN /bin/sh -c \u202e\u0000${hostile}` },
      ],
    });
    await expectGoodPage(browser, page);
    await opened(browser, page, {}, async (shown) => {
      expect(await shown.title()).toContain("of it wasted");
      expect(await shown.locator("script, img, [onfocus], [onload]").count()).toBe(0);
      const text = await shown.locator("body").innerText();
      expect(text).toContain("photo‹U+202E›gpj.exe");
      expect(text).toContain("/<script>alert(3)<img src=x");
      // Of what shows nothing, line breaks alone are left.
      expect(text.match(/[\p{Cc}\p{Cf}]/gu)?.every((one) => "\n\t".includes(one))).toBe(
        true,
      );
    });
  });

  test("an image without files is a page, too", async () => {
    const page = await pageOf({ layers: [tar()] });
    await opened(browser, page, {}, async (shown) => {
      expect(await shown.getByRole("main").innerText()).toContain(
        "a container sees all that the layers hold",
      );
    });
  });
});
