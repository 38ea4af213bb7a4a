/** After a test that failed no database goes to the next one: whatever the test began may still be at work in it. */
import { afterEach } from "vitest";
import { testFailed } from "./reused.ts";

// Registered first, so it runs after the hooks of the files.
afterEach(({ task }) => {
  if (task.result?.state === "fail") testFailed();
});
