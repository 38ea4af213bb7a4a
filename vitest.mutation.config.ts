import { defineConfig } from "vitest/config";

/** The tests that judge mutants (stryker.config.mjs): those without a database, the random ones with few cases and always the same. */
export default defineConfig({
  test: {
    include: ["test/domain/**/*.test.ts", "test/cards/*.test.ts", "test/channels/slack-{keys,reading}.test.ts"],
    // Ten years of clock changes, and walks that go everywhere: they take seconds, too long for each of thousands of mutants.
    exclude: ["test/domain/{working-time-oracle,working-time-zones,lives}.test.ts", "test/cards/literal.test.ts"],
    setupFiles: ["test/setup/seed.ts"],
    env: { LATCHKEY_SEED: "20261121", LATCHKEY_FUZZ: "100", ORGANISATIONS: "40" },
    testTimeout: 30_000,
  },
});
