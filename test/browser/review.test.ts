import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aptRepositories, twoRuns } from "../batch/planned-store.ts";
import { groupOf, groupsIn, planned } from "../batch/planned-workspace.ts";
import { startReview, type RunningReview } from "../batch/reviewed.ts";
import type { Workspace } from "../cli/workspace.ts";
import { mayBrowse, startBrowser } from "./chromium.ts";
import { textContrasts } from "./contrast.ts";
import { expectNoViolation, opened } from "./look.ts";

const evil = "<img src=x onerror=alert(1)>";

const small = {
  ...aptRepositories(3, (index) => (index === 1 ? "odd" : "curl")),
  "team/merges": { Dockerfile: twoRuns },
  "team/evil": {
    "Dockerfile</script>": `FROM debian:12\nRUN echo '${evil}' \u202e\nRUN cd /x && a\nRUN b\n`,
  },
};

describe.skipIf(!mayBrowse)("the page of batch review", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  /** Opens the served page, and makes sure that it asks its server alone. */
  async function served(
    space: Workspace,
    use: (page: Page, review: RunningReview) => Promise<void>,
  ) {
    const review = await startReview(space);
    const { address, origin } = review;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    try {
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("request", (request) => {
        if (!request.url().startsWith(`${origin}/`)) complaints.push(request.url());
      });
      await page.goto(address);
      await groupList(page).getByRole("option").first().waitFor();
      await use(page, review);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const groupList = (page: Page) =>
    page.getByRole("listbox", { name: "Groups of equal changes" });
  const option = (page: Page, text: RegExp) =>
    groupList(page).getByRole("option", { name: text });
  const status = (page: Page) => page.getByRole("status");

  test("a group is approved, another one split and rejected; the command line sees it", async () => {
    const space = await planned(small);
    await served(space, async (page) => {
      expect(page.url()).not.toContain("token");
      expect(await page.title()).toBe("Review: Smaller images");

      await option(page, /merge-runs: − RUN(?! \+)/).click();
      await page.getByRole("button", { name: "Approve" }).click();
      await expect.poll(() => status(page).innerText()).toBe("Approved: 1 file.");
      expect((await groupOf(space, /merge-runs: − RUN$/)).state).toBe("approved");

      await option(page, /clean-package-cache/).click();
      await page.getByRole("button", { name: "Split out hunk 1" }).click();
      await expect.poll(() => option(page, /clean-package-cache/).count()).toBe(2);
      await page.getByRole("button", { name: "Reject" }).click();
      await expect.poll(() => status(page).innerText()).toBe("Rejected: 1 file.");
      const parts = (await groupsIn(space)).filter(({ label }) =>
        label.includes("clean"),
      );
      expect(parts.map(({ state, files }) => `${state} ${files}`)).toEqual([
        "rejected 1",
        "waiting 2",
      ]);

      await option(page, /clean-package-cache.*rejected/).click();
      await page.getByRole("button", { name: "Put back into its group" }).click();
      await expect.poll(() => option(page, /clean-package-cache/).count()).toBe(1);
      expect((await groupsIn(space)).length).toBe(3);

      // What is left is what the token was stored for: the page can be loaded again.
      await page.reload();
      await expect.poll(() => option(page, /✓ approved/).count()).toBe(1);
    });
  });

  test("approve except, and reject what was picked", async () => {
    const space = await planned(aptRepositories(4));
    await served(space, async (page) => {
      await page.getByLabel(/^Pick .*app0002/).check();
      await page.getByRole("button", { name: "Approve all but 1" }).click();
      await expect.poll(() => status(page).innerText()).toBe("Approved: 3 files.");
      await page.getByLabel(/^Pick .*app0002/).check();
      await page.getByRole("button", { name: "Reject the 1 picked" }).click();
      await expect.poll(() => status(page).innerText()).toBe("Rejected: 1 file.");
    });
    const decisions = (await groupsIn(space))
      .flatMap(({ hunks }) => hunks.flatMap(({ members }) => members))
      .map(({ target, decision }) => `${target.slice(-4)} ${String(decision)}`);
    expect(decisions.sort()).toEqual([
      ...["0000 approve", "0001 approve", "0002 reject", "0003 approve"],
    ]);
  });

  test("by keyboard alone: a large group is looked at before it is approved", async () => {
    const space = await planned({
      ...aptRepositories(25),
      "team/merges": { Dockerfile: twoRuns },
    });
    await served(space, async (page) => {
      await page.keyboard.press("j");
      await expect
        .poll(() => page.locator("[aria-selected=true]").innerText())
        .toContain("clean-package-cache");
      await page.keyboard.press("a");
      await expect.poll(() => status(page).innerText()).toBe("Look at 4 files first.");
      const dialog = page.getByRole("dialog");
      expect(await dialog.getByRole("table").innerText()).toContain("rm -rf");
      for (const key of ["j", "j", "j"]) await page.keyboard.press(key);
      await page.keyboard.press("Escape");
      await page.keyboard.press("a");
      await expect.poll(() => status(page).innerText()).toBe("Approved: 25 files.");
      // On to the next one that waits.
      await expect
        .poll(() => page.locator("[aria-selected=true]").innerText())
        .toContain("merge-runs");
      await page.keyboard.press("?");
      expect(await dialog.innerText()).toContain("approve the group");
      await page.keyboard.press("Escape");
      await page.keyboard.press("/");
      await page.keyboard.type("app0003");
      await expect.poll(() => groupList(page).getByRole("option").count()).toBe(1);
    });
    expect((await groupOf(space, /clean-package-cache/)).state).toBe("approved");
  });

  test("says so where the plan has changed, and where the server has ended", async () => {
    const space = await planned(small);
    await served(space, async (page, review) => {
      const { id } = await groupOf(space, /clean-package-cache/);
      await space.run(["batch", "split", id]);
      await option(page, /clean-package-cache/).click();
      // Chromium tells of each answer that is no success.
      page.removeAllListeners("console");
      await page.getByRole("button", { name: "Approve" }).click();
      await expect.poll(() => status(page).innerText()).toContain("The plan has changed");
      await review.end();
      await page.getByRole("button", { name: "Reject" }).click();
      await expect.poll(() => status(page).innerText()).toContain("it has ended");
    });
    expect((await groupsIn(space)).every(({ state }) => state === "waiting")).toBe(true);
  });

  test("as a file it needs nothing, and what it saves is recorded", async () => {
    const space = await planned(small);
    const { code } = await space.run(["batch", "review", "--html", "page.html"]);
    expect(code).toBe(0);
    await opened(
      browser,
      space.path("page.html"),
      { acceptDownloads: true },
      async (page) => {
        expect(await page.locator("img").count()).toBe(0);
        await option(page, /\( \)/).click();
        const lines = await page.getByRole("region", { name: "Hunks" }).innerText();
        expect(lines).toContain(evil);
        expect(lines).toContain("‹U+202E›");
        expect(lines).toContain("Dockerfile</script>");
        await page.getByRole("button", { name: "Reject" }).click();
        await option(page, /clean-package-cache/).click();
        await page.getByRole("button", { name: "Split out hunk 1" }).click();
        await page.getByRole("button", { name: "Approve" }).click();
        await expect.poll(() => status(page).innerText()).toContain("Approved: 1 file.");
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name: "Save decisions…" }).click();
        await (await download).saveAs(space.path("decisions.json"));
        expect(await page.getByRole("dialog").innerText()).toContain(
          "dockerslim batch approve --decisions decisions.json",
        );
      },
    );
    const recorded = await space.run([
      "batch",
      "approve",
      "--decisions",
      "decisions.json",
    ]);
    expect(recorded.stderr).toContain("Decisions about 2 files recorded");
    expect((await groupOf(space, /\( \)/)).state).toBe("rejected");
    const parts = (await groupsIn(space)).filter(({ label }) => label.includes("clean"));
    expect(parts.map(({ state, files }) => `${state} ${files}`)).toEqual([
      "approved 1",
      "waiting 2",
    ]);
  });

  test("as a file it saves splits without decisions, too: all of a group at once", async () => {
    const space = await planned(aptRepositories(3));
    await space.run(["batch", "review", "--html", "page.html"]);
    const options = { acceptDownloads: true };
    await opened(browser, space.path("page.html"), options, async (page) => {
      for (const left of [2, 1]) {
        await page.getByRole("button", { name: "Split out hunk 1" }).click();
        await groupList(page).getByRole("option", { name: /clean/ }).last().click();
        const parts = await groupList(page).getByRole("option").count();
        expect(parts).toBe(4 - left);
      }
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save decisions…" }).click();
      await (await download).saveAs(space.path("decisions.json"));
    });
    const words = ["batch", "approve", "--decisions", "decisions.json"];
    const dry = await space.run([...words, "--dry-run"]);
    expect(dry.stderr).toContain("would become 3 groups");
    expect(await groupsIn(space)).toHaveLength(1);
    expect((await space.run(words)).stderr).toContain("is now 3 groups");
    expect(await groupsIn(space)).toHaveLength(3);
    const again = await space.run(words);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("can't be split as it was in the page");
  });

  test("is readable in the light and in the dark, wide and narrow, and to screen readers", async () => {
    const space = await planned({ ...small, ...aptRepositories(25) });
    await space.run(["batch", "approve", (await groupOf(space, /\( \)/)).id]);
    await space.run(["batch", "review", "--html", "page.html"]);
    const file = space.path("page.html");
    const choose = async (page: Page) => {
      await option(page, /clean-package-cache/).click();
    };
    for (const colorScheme of ["light", "dark"] as const) {
      await opened(browser, file, { colorScheme }, async (page) => {
        await choose(page);
        const low = (await textContrasts(page)).filter(
          ({ ratio, needed }) => ratio < needed,
        );
        expect(low).toEqual([]);
      });
    }
    for (const width of [320, 360, 768, 1280]) {
      const options = { viewport: { width, height: 800 } };
      await opened(browser, file, options, async (page) => {
        await choose(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
          width,
        );
      });
      await opened(browser, file, { ...options, bypassCSP: true }, async (page) => {
        await choose(page);
        await expectNoViolation(page);
        await page.keyboard.press("Enter");
        await page.getByRole("dialog").waitFor();
        await expectNoViolation(page);
      });
    }
  });

  test("draws only what is seen of thousands of diffs", async () => {
    const space = await planned(aptRepositories(300));
    await space.run(["batch", "review", "--html", "page.html"]);
    await opened(browser, space.path("page.html"), {}, async (page) => {
      const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
      expect(await nodes()).toBeLessThan(600);
      const region = page.getByRole("region", { name: "Hunks" });
      await region.evaluate((box) => {
        box.scrollTop = box.scrollHeight;
      });
      await expect.poll(() => region.innerText()).toContain("Hunk 300 of 300");
      expect(await nodes()).toBeLessThan(600);
    });
  });
});
