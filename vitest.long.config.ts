import { defineConfig } from "vitest/config";

/** The same properties, drawn far more often: for a night, not for a commit. */
export default defineConfig({
  test: {
    include: [
      "test/operations/machine.test.ts",
      "test/operations/clock-jumps.test.ts",
      "test/domain/working-time-{oracle,zones}.test.ts",
      "test/db/search.test.ts",
      "test/channels/slack-hostile.test.ts",
      "test/fuzz/**/*.test.ts",
      "test/faults/{races,kill-everywhere}.test.ts",
    ],
    globalSetup: ["test/setup/postgres.ts"],
    setupFiles: ["test/setup/seed.ts", "test/setup/failures.ts"],
    pool: "forks",
    env: {
      LATCHKEY_WALKS: process.env.LATCHKEY_WALKS ?? "50000",
      WORKING_TIME_CASES: process.env.WORKING_TIME_CASES ?? "20000",
      LATCHKEY_CARDS: process.env.LATCHKEY_CARDS ?? "100000",
      LATCHKEY_THOROUGH: "1",
      LATCHKEY_FUZZ: process.env.LATCHKEY_FUZZ ?? "1000000",
      LATCHKEY_FUZZ_TIMES: "1",
      LATCHKEY_RACES: process.env.LATCHKEY_RACES ?? "10000",
      LATCHKEY_KILLS: process.env.LATCHKEY_KILLS ?? "25",
      SEARCH_CASES: process.env.SEARCH_CASES ?? "2000",
      SEARCH_SIZES: process.env.SEARCH_SIZES ?? "1000,10000",
    },
    testTimeout: 24 * 3_600_000,
    hookTimeout: 120_000,
  },
});
