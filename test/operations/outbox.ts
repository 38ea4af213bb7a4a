/** What the outbox does to requests themselves, without a chat: orders are transmitted, and open work is routed anew. */
import { reroute } from "../../src/operations/tick.ts";
import { transmit } from "../../src/operations/transmit.ts";
import type { World } from "../../src/operations/world.ts";
import type { Company } from "./company.ts";

/** Carries out what is due of `transmit` and `reroute`, until nothing is; everything else stays due, to be looked at. Says how many there were. */
export async function carried(it: Pick<Company, "connection" | "world">, world: World = it.world): Promise<number> {
  const { sql } = it.connection;
  for (let count = 0; ; count++) {
    const [next] =
      await sql`select id, kind, body->>'line' as line from effect where state = 'due' and kind in ('transmit', 'reroute') order by id limit 1`;
    if (!next) return count;
    await (next.kind === "transmit" ? transmit(world, String(next.line)) : reroute(world, String(next.line)));
    await sql`update effect set state = 'done', done_at = app_now() where id = ${next.id}`;
  }
}
