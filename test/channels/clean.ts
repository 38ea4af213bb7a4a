/** Between tests: nothing asked for, nothing waiting, nothing held, and everybody active. */
import type { Company } from "../operations/company.ts";
import type { Stage } from "./stage.ts";

export async function cleared(it: Stage, { connection: { sql } }: Company): Promise<void> {
  for (const channel of it.world.world.channels.values()) channel.messages.length = 0;
  it.world.world.modals.clear();
  await sql`update person set state = 'active'`;
  await sql`update line set open = false where open`;
  await sql`update task set state = 'closed' where state = 'open'`;
  await sql`update "order" set state = 'cancelled' where state not in ('executed', 'verified', 'cancelled')`;
  await sql`update assignment set state = 'ended', ended_at = app_now() where state <> 'ended'`;
  await sql`update account set state = 'removed' where state = 'active'`;
}
