import { defineConfig } from "vitest/config";

/** Tests that build images for real, or take long. */
export default defineConfig({
  test: {
    include: ["test/real-images/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
