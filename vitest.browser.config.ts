import { defineConfig } from "vitest/config";

/** The page in a real browser: each file has a browser and a Latchkey of its own, so few run at once. */
export default defineConfig({
  test: {
    include: ["test/playground/page-{eyes,walk,access}.test.ts", "test/product/page.test.ts"],
    globalSetup: ["test/setup/postgres.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 150_000,
    teardownTimeout: 10_000,
  },
});
