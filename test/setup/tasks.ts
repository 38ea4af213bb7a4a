/** Finding a line's open task by its number, as typed commands do. */
import type { Operations } from "../../src/operations/operations.ts";

export async function openTaskOf(
  operations: Pick<Operations, "lineNumbered">,
  number: number,
): Promise<{ readonly id: string; readonly kind: string } | null> {
  return (await operations.lineNumbered(number))?.tasks.findLast((task) => task.state === "open") ?? null;
}
