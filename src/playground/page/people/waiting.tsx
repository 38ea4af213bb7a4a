/** Who else has something new: one click away. */
import type { Snapshot } from "../../slack/page-interface.ts";
import type { Known } from "../live/workspace.ts";
import { unreadOf } from "../live/workspace.ts";
import { TEXT } from "../texts.ts";
import { Avatar } from "./avatar.tsx";

export interface WaitingPerson {
  readonly id: string;
  readonly name: string;
  readonly unread: number;
  /** A card with a decisive button is before them, not news alone. */
  readonly hasWork: boolean;
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
      hasWork: hasWork(snapshot),
    }));
}

/** A card with a primary button, as Approve, Claim and Confirm done are, still stands before this person. */
export const hasWork = (snapshot: Snapshot): boolean =>
  snapshot.conversations.some((conversation) =>
    conversation.messages.some((message) =>
      message.blocks.some(
        (block) => block.type === "actions" && block.elements.some((each) => "style" in each && each.style === "primary"),
      ),
    ),
  );

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
