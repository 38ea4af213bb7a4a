/** Words of the card on which many tasks stand at once. */
import type { Said } from "../say.ts";
import { listed, say } from "../say.ts";

function tasks(count: number): string {
  return count === 1 ? "1 task is waiting" : `${count} tasks are waiting`;
}

export const digest = {
  waiting: (count: number): string => `${tasks(count)} for you`,
  /** In a channel. */
  waitingHere: (count: number): string => tasks(count),
  nothing: "Nothing on this list waits for you",
  nothingHere: "Nothing on this list is waiting",
  /** For notifications. */
  summary: (title: string, numbers: readonly number[], more: number): string =>
    numbers.length === 0
      ? title
      : `${title}: ${listed([...numbers.map((number) => `request ${number}`), ...(more > 0 ? [`${more} others`] : [])], "and").join("")}`,
  why: "They came at once, so they share one card. Decide each here, or open it with Show card.",
  rest: (shown: number, total: number): string => `These are the ${shown} most urgent of ${total}. Press My tasks to see all of yours.`,
  myTasks: "My tasks",
  due: <P>(at: P): Said<P> => say<P>`Due ${at}`,
  overdue: <P>(at: P): Said<P> => say<P>`Overdue since ${at}`,
  since: <P>(at: P): Said<P> => say<P>`waiting since ${at}`,
  /** One line each: `became` is a sentence, or several. */
  became: <P>(request: P, item: Said<P>, who: P, became: Said<P>): Said<P> => say<P>`${request}, ${item} for ${who}: ${became}`,
  /** Before a remark in its thread. */
  about: <P>(request: P, item: Said<P>, said: Said<P>): Said<P> => say<P>`${request}, ${item}: ${said}`,
  /** In its thread, above a line for each. */
  reminder: <P>(to: Said<P> | null): Said<P> => (to ? say<P>`${to}, these wait for you:` : ["These wait:"]),
  reminded: <P>(request: P, item: Said<P>, since: P, expires: P | null): Said<P> => [
    ...say<P>`${request}, ${item}, since ${since}.`,
    ...(expires === null ? [] : say<P>` It expires ${expires}.`),
  ],
  othersReminded: (count: number): string => `And ${count} more on this list.`,
  reminderSummary: (count: number): string => `Reminder: ${count} tasks wait`,
  othersOver: (count: number): string => (count === 1 ? "1 more is over." : `${count} more are over.`),
};
