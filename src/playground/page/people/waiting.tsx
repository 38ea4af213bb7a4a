/** Who else has something new: one click away. */
import type { Known } from "../live/workspace.ts";
import { unreadOf } from "../live/workspace.ts";
import { TEXT } from "../texts.ts";
import { Avatar } from "./avatar.tsx";

export interface WaitingPerson {
  readonly id: string;
  readonly name: string;
  readonly unread: number;
  /** The unread message stands in their direct message, not in a channel alone. */
  readonly direct: boolean;
}

/** Everybody but the current person who has unread messages, the latest first. */
export function waitingPeople(known: Known): readonly WaitingPerson[] {
  return [...known.others.values()]
    .filter((snapshot) => snapshot.me.id !== known.me?.me.id && !snapshot.me.deleted)
    .map((snapshot) => ({ snapshot, ...unreadOf(snapshot) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => (a.newest < b.newest ? 1 : a.newest > b.newest ? -1 : a.snapshot.me.real_name.localeCompare(b.snapshot.me.real_name)))
    .map(({ snapshot, count }) => ({
      id: snapshot.me.id,
      name: snapshot.me.real_name,
      unread: count,
      direct: snapshot.conversations.some((conversation) => conversation.kind === "im" && conversation.unread > 0),
    }));
}

const AT_MOST = 5;

export function Waiting({ known, onSwitch }: { readonly known: Known; readonly onSwitch: (user: string) => void }) {
  const waiting = waitingPeople(known);
  const shown = waiting.slice(0, AT_MOST);
  return (
    <section className="waiting" data-testid="waiting" aria-label={TEXT.waiting} aria-live="polite">
      {shown.length > 0 && <h2 className="side-title">{TEXT.waiting}</h2>}
      {shown.length > 0 && (
        <ul>
          {shown.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className="waiting-person"
                aria-label={TEXT.waitingFor(person.name, person.unread)}
                onClick={() => onSwitch(person.id)}
              >
                <Avatar of={known.others.get(person.id)!.me} size="small" />
                <span className="waiting-name">{person.name}</span>
                <span className="badge">{person.unread}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {waiting.length > AT_MOST && (
        <p className="quiet small" title={TEXT.morePeople(waiting.length - AT_MOST)}>
          {TEXT.more(waiting.length - AT_MOST)}
        </p>
      )}
    </section>
  );
}
