/** Requests that wait for Max's decision, and his click on their cards as Slack sends it. */
import { type Company, file, openTask } from "../../operations/company.ts";
import { TEAM, userOf } from "../stage.ts";

export interface Asked {
  readonly number: number;
  readonly task: string;
  readonly face: number;
}

/** Asks for reports, after whatever was decided before is out of the way. */
export async function ask(acme: Company, person: string): Promise<Asked> {
  await acme.connection.sql`update line set open = false where open and approval <> 'pending'`;
  const [number = 0] = await file(acme, person, "salesforce", ["reports"]);
  const { id, face } = await openTask(acme, number);
  return { number, task: id, face };
}

export function approveClick({ number, task, face }: Asked): object {
  return {
    type: "block_actions",
    user: { id: userOf("max"), team_id: TEAM },
    team: { id: TEAM },
    trigger_id: "none",
    container: { type: "message", channel_id: "D1", message_ts: `${number}.1` },
    actions: [{ type: "button", block_id: "b", action_id: "do.approve", value: `act:approve:${face}:${task}` }],
  };
}
