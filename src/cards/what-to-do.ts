import type { Line } from "../domain/line.ts";
import type { Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { person, strong } from "./phrases.ts";

/** One sentence: the operation, on whose account, where. */
export function whatToDo(line: Line, voice: Voice): Text {
  const { orders } = voice.texts;
  const application = strong(line.application.name);
  const who = person(line.beneficiary, voice);
  const entitlement = line.entitlement ? strong(line.entitlement.name) : null;
  const login = strong(line.order?.login ?? "");
  switch (line.order?.operation ?? "create") {
    case "create":
      return entitlement ? orders.createWith(entitlement, application, who) : orders.create(application, who);
    case "update":
      return entitlement ? orders.updateWith(entitlement, login, application, who) : orders.update(login, application, who);
  }
}
