import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They need a builder: `npm run test:images`.
    exclude: [...configDefaults.exclude, "test/real-images/**"],
    testTimeout: 30_000,
  },
});
