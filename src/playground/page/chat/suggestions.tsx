/** What the message field offers while one types: commands after a `/`, people after an `@`. */
import type { Mention, PersonOnPage, Snapshot } from "../../slack/page-interface.ts";
import { playable } from "../live/workspace.ts";

export interface Suggestion {
  readonly key: string;
  readonly name: string;
  /** Beside the name. */
  readonly hint: string;
  /** Below it. */
  readonly more: string;
  /** The part of the text that it stands for. */
  readonly from: number;
  readonly to: number;
  /** What is put there. */
  readonly text: string;
  readonly mention: Mention | null;
}

const AT_MOST = 6;

export function commandsFor(me: Snapshot, text: string): readonly Suggestion[] {
  if (!text.startsWith("/") || /\s/.test(text)) return [];
  return me.app.commands
    .filter(({ command }) => command.startsWith(text.toLowerCase()))
    .map(({ command, hint = "", description = "" }) => ({
      key: command,
      name: command,
      hint,
      more: description,
      from: 0,
      to: text.length,
      text: command,
      mention: null,
    }));
}

/** People whose name goes on with what stands between an `@` and the caret; none behind a mention that stands there already. */
export function peopleFor(me: Snapshot, text: string, caret: number, chosen: readonly Mention[]): readonly Suggestion[] {
  const [, typed] = /(?:^|[\s(])(@(?:[^\s@][^@\n]*)?)$/.exec(text.slice(0, caret)) ?? [];
  if (typed === undefined || chosen.some((mention) => typed.startsWith(mention.text))) return [];
  const query = typed.slice(1).toLowerCase();
  return playable(me.people)
    .filter((person) => answersTo(person, query))
    .toSorted((one, other) => one.real_name.localeCompare(other.real_name))
    .slice(0, AT_MOST)
    .map((person) => {
      const mention = { text: `@${person.real_name}`, user: person.id };
      const more = [person.title, person.department].filter((each) => each !== "").join(" · ");
      return { key: person.id, name: person.real_name, hint: "", more, from: caret - typed.length, to: caret, text: mention.text, mention };
    });
}

/** By any of the names, or by the handle. */
const answersTo = (person: PersonOnPage, query: string) =>
  ` ${person.real_name.toLowerCase()}`.includes(` ${query}`) || person.name.toLowerCase().startsWith(query);

interface Listing {
  readonly of: readonly Suggestion[];
  readonly id: string;
  readonly label: string;
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onChoose: (suggestion: Suggestion) => void;
}

export const Suggestions = ({ of, id, label, active, onActive, onChoose }: Listing) => (
  <div className="suggestions" role="listbox" id={id} aria-label={label}>
    {of.map((each, index) => (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the focus and takes the keys
      <div
        key={each.key}
        id={`${id}-${index}`}
        role="option"
        tabIndex={-1}
        aria-selected={index === active}
        className={index === active ? "menu-item active" : "menu-item"}
        onMouseDown={(event) => event.preventDefault()}
        onMouseMove={() => onActive(index)}
        onClick={() => onChoose(each)}
      >
        <span className="menu-item-text">
          <span>
            <strong>{each.name}</strong> <span className="quiet">{each.hint}</span>
          </span>
          <span className="menu-item-more">{each.more}</span>
        </span>
      </div>
    ))}
  </div>
);
