import type { Page } from "playwright-core";

export interface Contrast {
  readonly text: string;
  readonly ratio: number;
  /** By WCAG 2.2, 1.4.3. */
  readonly needed: number;
}

/** The contrast of each text that shows with what is behind it. */
export function textContrasts(page: Page): Promise<Contrast[]> {
  return page.evaluate(() => {
    const parse = (color: string) => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (
        color.match(/[\d.]+/g) ?? []
      ).map(Number);
      return { rgb: [red, green, blue] as const, alpha };
    };
    // https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    const luminance = (rgb: readonly number[]) => {
      const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const background = (element: Element | null): readonly number[] => {
      if (element === null) return [255, 255, 255];
      const { rgb, alpha } = parse(getComputedStyle(element).backgroundColor);
      return alpha === 1 ? rgb : background(element.parentElement);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: Contrast[] = [];
    while (walker.nextNode() !== null) {
      const { textContent, parentElement } = walker.currentNode;
      const text = textContent?.trim() ?? "";
      if (parentElement === null || text === "") continue;
      if (!parentElement.checkVisibility()) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(parentElement);
      const lights = [parse(color).rgb, background(parentElement)].map(luminance);
      const [dark = 0, light = 0] = lights.sort((a, b) => a - b);
      const size = parseFloat(fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      found.push({
        text,
        ratio: (light + 0.05) / (dark + 0.05),
        needed: isLarge ? 3 : 4.5,
      });
    }
    return found;
  });
}
