import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They need a builder and a browser: `npm run test:images`, `npm run test:browser`.
    exclude: [...configDefaults.exclude, "test/real-images/**", "test/browser/**"],
    testTimeout: 30_000,
  },
});
