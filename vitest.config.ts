import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They need a builder or a browser, or take long: `npm run test:images`,
    // `npm run test:browser`, `npm run test:campaign`.
    exclude: [
      ...configDefaults.exclude,
      "test/real-images/**",
      "test/browser/**",
      "test/campaign/**",
    ],
    // Many tests wait for programs that they have started; one processor stays free otherwise.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
  },
});
