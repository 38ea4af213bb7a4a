/** (d) Commit to card posted: how soon a card is at Slack once what it shows is committed, with nothing in the way and with everything in the way. */
import postgres from "postgres";
import type { Bench } from "./bench.ts";
import { committedToPosted, foundByAnother } from "./cards-latency.ts";
import { drainedInStorm, ROOMS } from "./cards-storm.ts";
import { settle } from "./decide-company.ts";

export const cards: Bench = {
  name: "cards",
  about: "from the commit until the card is at Slack: at once, found by another process, and while Slack turns calls away",
  run: async (ground) => {
    const database = await (await ground.server()).fresh();
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    try {
      await settle(database, owner, ROOMS);
      return [
        ...(await committedToPosted(ground, database, owner)),
        ...(await foundByAnother(ground, database)),
        ...(await drainedInStorm(ground, database, owner)),
      ];
    } finally {
      await owner.end();
      await database.drop();
    }
  },
};
