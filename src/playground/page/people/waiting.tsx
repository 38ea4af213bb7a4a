/** Who else has something new: one click away. */
import { useRef } from "react";
import type { PersonOnPage } from "../../slack/page-interface.ts";
import type { Known } from "../live/workspace.ts";
import { playable } from "../live/workspace.ts";
import { TEXT } from "../texts.ts";
import { Avatar } from "./avatar.tsx";

export interface WaitingPerson {
  readonly person: PersonOnPage;
  readonly unread: number;
}

/** Everybody but the current person who has unread messages, the latest first. */
export function waitingPeople({ me, news }: Known): readonly WaitingPerson[] {
  return playable(me?.people ?? [])
    .flatMap((person) => {
      const own = person.id === me?.me.id ? undefined : news.get(person.id);
      return own ? [{ person, unread: own.unread, newest: own.newest }] : [];
    })
    .sort((a, b) => (a.newest < b.newest ? 1 : a.newest > b.newest ? -1 : a.person.real_name.localeCompare(b.person.real_name)));
}

const AT_MOST = 5;

interface Showing {
  readonly known: Known;
  readonly onSwitch: (user: string) => void;
  /** To everybody: the rest stands in the switcher. */
  readonly onMore: () => void;
}

export function Waiting({ known, onSwitch, onMore }: Showing) {
  const waiting = waitingPeople(known);
  const shown = useSteady(waiting);
  return (
    <section className="waiting" data-testid="waiting" aria-label={TEXT.waiting}>
      <h2 className="side-title">{TEXT.waiting}</h2>
      {shown.length === 0 && <p className="quiet small">{TEXT.nobodyWaits}</p>}
      {shown.length > 0 && (
        <ul>
          {shown.map(({ person, unread }) => (
            <li key={person.id}>
              <button
                type="button"
                className="waiting-person"
                aria-label={TEXT.waitingFor(person.real_name, unread)}
                onClick={() => onSwitch(person.id)}
              >
                <Avatar of={person} size="small" />
                <span className="waiting-name">{person.real_name}</span>
                <span className="badge">{unread}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {waiting.length > shown.length && (
        <button type="button" className="link-button waiting-more" aria-haspopup="dialog" onClick={onMore}>
          {TEXT.more(waiting.length - shown.length)}
        </button>
      )}
    </section>
  );
}

/** At most five, the latest; who stands there keeps the place, so that nobody moves under the pointer. */
function useSteady(waiting: readonly WaitingPerson[]): readonly WaitingPerson[] {
  const places = useRef<readonly string[]>([]);
  const latest = waiting.slice(0, AT_MOST);
  const stayed = places.current.flatMap((id) => latest.find(({ person }) => person.id === id) ?? []);
  const shown = [...stayed, ...latest.filter((one) => !stayed.includes(one))];
  places.current = shown.map(({ person }) => person.id);
  return shown;
}
