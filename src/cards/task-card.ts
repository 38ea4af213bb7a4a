import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import { approvalCard } from "./approval-card.ts";
import type { Card } from "./card.ts";
import { orderCard } from "./order-card.ts";
import { reviewCard } from "./review-card.ts";

/** The card of any task, as the viewer of this copy sees it. */
export function taskCard(view: TaskView, texts: Texts): Card {
  switch (view.task.kind) {
    case "approval":
      return approvalCard(view, texts);
    case "fulfilment":
      return orderCard(view, texts);
    case "review":
      return reviewCard(view, texts);
  }
}
