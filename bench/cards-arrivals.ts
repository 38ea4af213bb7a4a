/** What arrived at the Slack of the bench `cards`, and when, by a clock that all processes of a machine share. */

/** Milliseconds of a clock that only goes forward and is the same for every process of this machine. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A message that was taken; those that were turned away with 429 are only counted. */
export interface Arrival {
  /** By `nowMs`, once the whole of it was there. */
  readonly at: number;
  /** What the message is about, as it says itself: `task:<id>@<copy>`. */
  readonly key: string;
  readonly channel: string;
}

export interface Arrivals {
  readonly taken: readonly Arrival[];
  /** Answered with 429 since the start. */
  readonly turnedAway: number;
}

/** Waits until so many messages have arrived whose key begins so, and gives them in their order. */
export async function arrivals(
  slackUrl: string,
  { begins, count }: { readonly begins: string; readonly count: number },
): Promise<Arrivals> {
  const response = await fetch(`${slackUrl}/arrivals?${new URLSearchParams({ begins, count: String(count) })}`);
  return (await response.json()) as Arrivals;
}
