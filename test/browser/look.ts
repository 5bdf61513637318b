import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { run } from "axe-core";
import { expect } from "vitest";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { textContrasts } from "./contrast.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const schemes = ["light", "dark"] as const;

/** Opens a page, gives it to `use`, and makes sure that it asked for nothing but itself. */
export async function opened<T>(
  browser: Browser,
  file: string,
  options: BrowserContextOptions,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const url = pathToFileURL(file).href;
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(url, { waitUntil: "load" });
    const result = await use(page);
    expect([...new Set(requests.map((request) => request.replace(/#.*/, "")))]).toEqual([
      url,
    ]);
    expect(complaints).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

/** What holds for each report, whatever it tells. */
export async function expectGoodPage(browser: Browser, file: string): Promise<void> {
  for (const colorScheme of schemes) {
    await opened(browser, file, { colorScheme }, expectReadable);
  }
  for (const width of [320, 360, 768, 1280]) {
    await opened(browser, file, { viewport: { width, height: 800 } }, (page) =>
      expectNoScrolling(page, width),
    );
  }
  await opened(browser, file, {}, expectKeyboard);
  await opened(browser, file, { javaScriptEnabled: false }, expectOutline);
  await opened(browser, file, { viewport: { width: 700, height: 900 } }, expectPrintable);
  // axe has to be put into the page, which its policy forbids.
  for (const width of [360, 1280]) {
    const options = { bypassCSP: true, viewport: { width, height: 800 } };
    await opened(browser, file, options, expectNoViolation);
  }
}

async function expectReadable(page: Page): Promise<void> {
  await unfold(page);
  const contrasts = await textContrasts(page);
  expect(contrasts.length).toBeGreaterThan(20);
  expect(contrasts.filter(({ ratio, needed }) => ratio < needed)).toEqual([]);
}

async function expectNoScrolling(page: Page, width: number): Promise<void> {
  await unfold(page);
  const wide = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    outside: [...document.querySelectorAll("body *")]
      .filter(
        (element) =>
          element.getBoundingClientRect().right > innerWidth + 0.5 &&
          element.checkVisibility(),
      )
      .map(({ outerHTML }) => outerHTML.slice(0, 120)),
  }));
  expect(wide).toEqual({ page: width, outside: [] });
}

/** Tab reaches each cell of the picture, shows it, and Enter leads to its row. */
async function expectKeyboard(page: Page): Promise<void> {
  const cells = await page.locator(".treemap a").evaluateAll((links) =>
    links.map((link) => ({
      name: link.querySelector(".hidden")?.textContent ?? "",
      area: link.getBoundingClientRect().width * link.getBoundingClientRect().height,
    })),
  );
  const reached: { name: string; hasOutline: boolean }[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        name: (element.querySelector(".hidden") ?? element).textContent.trim(),
        isCell: element.matches(".treemap a"),
        hasOutline: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      };
    });
    if (focused === undefined) break;
    expect(focused.name).not.toBe("");
    expect(focused.hasOutline, focused.name).toBe(true);
    if (focused.isCell) reached.push(focused);
    if (reached.length > 0 && !focused.isCell) break;
  }
  expect(reached.map(({ name }) => name)).toEqual(cells.map(({ name }) => name));
  for (const { area } of cells) expect(area).toBeGreaterThan(24 * 24);

  for (const [index, { name }] of cells.entries()) {
    const cell = page.locator(".treemap a").nth(index);
    expect(await page.getByRole("link", { name, exact: true }).count(), name).toBe(1);
    const hash = await cell.getAttribute("href");
    await cell.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash === hash);
    const row = page.locator("tr:target");
    const texts = await row.locator("th, td").allTextContents();
    const [path = "", , bytes = "", share = ""] = texts.map((text) => text.trim());
    expect(`${path}, ${bytes}, ${share}`).toBe(name);
    const place = await row.boundingBox();
    const height = page.viewportSize()?.height ?? 0;
    expect(place?.y).toBeGreaterThanOrEqual(0);
    expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual(height);
  }
}

/** Landmarks and headings, without any JavaScript. */
async function expectOutline(page: Page): Promise<void> {
  for (const role of ["banner", "main", "contentinfo", "navigation"] as const) {
    expect(await page.getByRole(role).count(), role).toBe(1);
  }
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
  const parts = await page.getByRole("navigation").getByRole("link").allTextContents();
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) {
    const region = page.getByRole("region", { name: part, exact: true });
    expect(await region.count(), part).toBe(1);
    expect(await region.getByRole("heading", { level: 2, name: part }).count()).toBe(1);
  }
}

async function expectPrintable(page: Page): Promise<void> {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const { width, paper, navigation } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    paper: getComputedStyle(document.documentElement).backgroundColor,
    navigation: document.querySelector("nav")?.checkVisibility(),
  }));
  expect(width).toBe(700);
  expect(paper).toBe("rgb(251, 250, 247)");
  expect(navigation).toBe(false);
}

export async function expectNoViolation(page: Page): Promise<void> {
  await unfold(page);
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: { run: typeof run } };
    const { violations: found, passes } = await runner.run();
    return {
      found: found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`),
      passes: passes.length,
    };
  });
  expect(violations.found).toEqual([]);
  expect(violations.passes).toBeGreaterThan(15);
}

/** What is folded has to be as good as the rest. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}
