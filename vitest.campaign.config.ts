import { defineConfig } from "vitest/config";

/** Campaigns over hundreds of repositories, and over processes that get killed. */
export default defineConfig({
  test: {
    include: ["test/campaign/**/*.test.ts"],
    testTimeout: 900_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
