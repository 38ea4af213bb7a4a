/** The same channel, with everything that it shows counted: how long the chat took, and what came of it. */
import type { Channel, Delivery, Meters } from "../ports.ts";

export function measuredChannel(channel: Channel, meters: Meters): Channel {
  async function run<T>(act: "post" | "redraw" | "home", call: Promise<Delivery<T>>): Promise<Delivery<T>> {
    const began = performance.now();
    const delivery = await call;
    meters.delivered(act, delivery.type, (performance.now() - began) / 1000);
    return delivery;
  }
  return {
    ...channel,
    post: (...it) => run("post", channel.post(...it)),
    redraw: (...it) => run("redraw", channel.redraw(...it)),
    home: (...it) => run("home", channel.home(...it)),
  };
}
