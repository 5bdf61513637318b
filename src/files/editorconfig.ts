import { parseSync, type ProcessedFileConfig } from "editorconfig-without-wasm";

/** In the terms of prettier's options. */
export interface Indentation {
  readonly useTabs?: boolean | undefined;
  /** Spaces for a level. */
  readonly tabWidth?: number | undefined;
}

/** What was read, so that each .editorconfig is read once. */
export type EditorconfigCache = Map<string, ProcessedFileConfig>;

/**
 * What .editorconfig files want for a file, as prettier understands them.
 *
 * @param path Absolute.
 * @param root The uppermost folder that is searched, absolute.
 */
export function editorconfigIndentation(
  path: string,
  root: string,
  cache: EditorconfigCache,
): Indentation {
  const properties = parseSync(path, { root, cache });
  const { indent_style: style, indent_size: size, tab_width: width } = properties;
  const useTabs = style === "tab" || (style !== "space" && size === "tab");
  const tabWidth = style === "space" && isWidth(size) ? size : width;
  return { ...(useTabs ? { useTabs } : {}), ...(isWidth(tabWidth) ? { tabWidth } : {}) };
}

function isWidth(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
