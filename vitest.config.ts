import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first, so that at the end no core waits for one long file. */
const LONGEST =
  /(?:product\/(?:walls|job|canary|wire)|db\/(?:plan|commit|search)|delivery\/(?:outbox|cards|digests)|cli\/doctor|operations\/(?:rights|rerouting|clocks|clock-jumps|steering|machine))\.test/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => LONGEST.test(file.moduleId)), ...sorted.filter((file) => !LONGEST.test(file.moduleId))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those in a browser, and those that kill, have commands of their own. A dump needs the server's own tools, which the embedded one comes without.
    exclude: [
      ...["test/faults/**", "test/playground/page-{eyes,walk,access}.test.ts", "test/product/page.test.ts", "node_modules/**"],
      ...(process.env.TEST_DATABASE_URL ? [] : ["test/db/restore.test.ts"]),
    ],
    globalSetup: ["test/setup/postgres.ts"],
    setupFiles: ["test/setup/seed.ts", "test/setup/failures.ts"],
    pool: "forks",
    // A file that is imported by a hundred test files is read once by each worker, not a hundred times: a third of the suite's time. Tests keep nothing in modules.
    isolate: false,
    // Much of what tests make is thrown away at once: with more room for it, it is seldom swept.
    execArgv: ["--max-semi-space-size=32"],
    // Much of the suite waits for a database, a browser or a child: one worker more than cores keeps them busy; vitest itself would take one less.
    maxWorkers: Math.max(2, availableParallelism() + 1),
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
