import { defineConfig } from "vitest/config";

/** Tests that look at pages in a browser, some of them pages about images built for real. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
