/** Who am I: the current person, and a searchable list of everybody one can be instead. */
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { PersonOnPage } from "../../slack/page-interface.ts";
import { type Known, playable } from "../live/workspace.ts";
import { TEXT } from "../texts.ts";
import { Avatar } from "./avatar.tsx";

interface Switching {
  /** As whom one acts, or is about to. */
  readonly me: PersonOnPage;
  readonly people: readonly PersonOnPage[];
  readonly known: Known;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onSwitch: (user: string) => void;
}

export function Switcher({ me, people, known, open, onOpen, onSwitch }: Switching) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      onOpen(true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onOpen]);
  const close = () => {
    onOpen(false);
    button.current?.focus();
  };
  return (
    <div className="switcher">
      <button
        ref={button}
        type="button"
        className="switcher-me"
        data-testid="switcher"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={TEXT.actingAs(me.real_name)}
        title="Ctrl+K"
        onClick={() => onOpen(!open)}
      >
        <Avatar of={me} size="large" />
        <span className="switcher-who">
          <strong>{me.real_name}</strong>
          <span className="quiet">{me.title || me.department}</span>
        </span>
        <span className="chevron" aria-hidden="true" />
      </button>
      {open && (
        <People
          people={playable(people)}
          known={known}
          onClose={close}
          onSwitch={(user) => {
            close();
            onSwitch(user);
          }}
        />
      )}
    </div>
  );
}

interface Listed {
  readonly person: PersonOnPage;
  readonly unread: number;
}

function People(props: {
  readonly people: readonly PersonOnPage[];
  readonly known: Known;
  readonly onSwitch: (user: string) => void;
  readonly onClose: () => void;
}) {
  const { people, known, onSwitch, onClose } = props;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const groups = useMemo(() => grouped(people, known, query), [people, known, query]);
  const shown = groups.flatMap((group) => group.people);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    // In braces: newer browsers answer scrollIntoView with a promise, which is no effect's clean-up.
    panel.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (shown.length === 0 ? 0 : (now + step + shown.length) % shown.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = shown[active];
      if (chosen) onSwitch(chosen.person.id);
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
    }
  };

  let index = -1;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a click beside the list closes it, as Escape does */}
      <div className="backdrop" onClick={onClose} />
      <div ref={panel} className="people" role="dialog" aria-label={TEXT.switchPerson}>
        <input
          ref={input}
          className="field"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
          aria-label={TEXT.searchPeople}
          placeholder={TEXT.searchPeople}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="people-list" role="listbox" id={listId} aria-label={TEXT.everybody}>
          {shown.length === 0 && <p className="menu-note">{TEXT.noPerson(query)}</p>}
          {groups.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own outside of select
            <div key={group.label} role="group" aria-label={group.label}>
              <div className="menu-group" aria-hidden="true">
                {group.label}
              </div>
              {group.people.map(({ person, unread }) => {
                index += 1;
                const at = index;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the focus and takes the keys
                  <div
                    key={person.id}
                    id={`${listId}-${at}`}
                    data-index={at}
                    role="option"
                    tabIndex={-1}
                    aria-selected={person.id === known.me?.me.id}
                    className={at === active ? "person active" : "person"}
                    onMouseDown={(event) => event.preventDefault()}
                    onMouseMove={() => setActive(at)}
                    onClick={() => onSwitch(person.id)}
                  >
                    <Avatar of={person} />
                    <span className="person-who">
                      <span className="person-name">
                        {person.real_name}
                        {person.is_guest && <span className="tag">{TEXT.guest}</span>}
                      </span>
                      <span className="quiet">{[person.title, person.department].filter((each) => each !== "").join(" · ")}</span>
                    </span>
                    {unread > 0 && (
                      <span className="badge">
                        {unread}
                        <span className="unseen"> {TEXT.unread(unread)}</span>
                      </span>
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

/** Without a search: those with news and those acted as lately come first, then everybody by name. */
function grouped(people: readonly PersonOnPage[], known: Known, query: string) {
  const words = query.toLowerCase().split(/\s+/);
  const found = people.filter((person) => {
    const text = `${person.real_name} ${person.name} ${person.title} ${person.department} ${person.email}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  // Whose name fits comes before whose title or department does.
  const byName = ({ person }: Listed) => (` ${person.real_name.toLowerCase()}`.includes(` ${words[0] ?? ""}`) ? 0 : 1);
  const listed: Listed[] = found
    .map((person) => ({ person, unread: unreadIn(known, person.id) }))
    .sort((a, b) => byName(a) - byName(b) || a.person.real_name.localeCompare(b.person.real_name));
  // Whoever types looks for somebody: who fits best stands first, news or not.
  if (query.trim() !== "") return listed.length > 0 ? [{ label: TEXT.everybody, people: listed }] : [];
  const isNews = ({ person, unread }: Listed) => unread > 0 && person.id !== known.me?.me.id;
  const lately = (one: Listed) => !isNews(one) && one.person.id !== known.me?.me.id && known.recent.includes(one.person.id);
  return [
    { label: TEXT.waiting, people: listed.filter(isNews) },
    { label: TEXT.recent, people: known.recent.flatMap((id) => listed.filter((one) => one.person.id === id && lately(one))) },
    { label: TEXT.everybody, people: listed.filter((one) => !isNews(one) && !lately(one)) },
  ].filter((group) => group.people.length > 0);
}

const unreadIn = (known: Known, user: string): number => known.news.get(user)?.unread ?? 0;
