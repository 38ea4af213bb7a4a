/**
 * Mutation tests: Stryker changes one thing at a time in the rules and in the code that says who somebody is and what they may do, and some test has
 * to fail. `npm run mutation`; one file: `npm run mutation -- --mutate src/domain/decide.ts`. What was reached stands in docs/quality.md.
 */
/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [
    "src/domain/**/*.ts",
    // Signature, shape and origin of what Slack sends, what a button and a form may claim, and the keys under which an act counts once.
    "src/channels/slack/{gate,shape,homes,actions,purposes,once,socket-frame}.ts",
  ],
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts" },
  plugins: ["@stryker-mutator/vitest-runner"],
  coverageAnalysis: "perTest",
  concurrency: 2,
  // What runs once, when a file is loaded, would need every test for each mutant.
  ignoreStatic: true,
  ignorePatterns: [".git", "dist", "docs", "bench", "manifests", "migrations", "src/playground/page", ".latchkey", "reports", "coverage"],
  incremental: true,
  incrementalFile: "node_modules/.cache/stryker.json",
  reporters: ["clear-text", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: "reports/mutation.html" },
  jsonReporter: { fileName: "reports/mutation.json" },
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 92, break: 90 },
};
