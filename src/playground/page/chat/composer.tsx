/** Where one types: messages, and slash commands with suggestions. What is typed stays with its conversation until it was taken. */
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { ActAnswer, Mention, Snapshot } from "../../slack/page-interface.ts";
import type { Perform } from "../inputs/surface.ts";
import { hasFinePointer } from "../live/focus.ts";
import { TEXT } from "../texts.ts";
import { commandsFor, peopleFor, type Suggestion, Suggestions } from "./suggestions.tsx";

interface Composing {
  readonly me: Snapshot;
  readonly channel: string;
  readonly thread?: string;
  readonly label: string;
  readonly perform: Perform;
  /** `arriving`: where nothing else has the focus, and no keyboard comes up on the screen. */
  readonly focusFirst?: boolean | "arriving";
  /** Shows a message as on its way; what it returns takes that away. */
  readonly sending?: (text: string) => () => void;
  /** Text that the guide wants typed: put in once, and given back as taken. */
  readonly offered?: { readonly text: string } | null;
  readonly onTaken?: () => void;
}

interface Draft {
  readonly text: string;
  /** People chosen from the list; each counts as long as it stands in the text. */
  readonly mentions: readonly Mention[];
}

/** person, conversation and thread -> what was typed there. */
const drafts = new Map<string, Draft>();
const NOTHING: Draft = { text: "", mentions: [] };

export function Composer({ me, channel, thread, label, perform, focusFirst = false, sending, offered = null, onTaken }: Composing) {
  const draftKey = `${me.me.id} ${channel} ${thread ?? ""}`;
  const [draft, setDraft] = useState(() => drafts.get(draftKey) ?? NOTHING);
  const [caret, setCaret] = useState(0);
  const [onItsWay, setOnItsWay] = useState(0);
  const [note, setNote] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const { text } = draft;
  const field = useRef<HTMLTextAreaElement>(null);
  /** Where the caret goes once a suggestion is put in. */
  const goTo = useRef<number | null>(null);
  const listId = useId();
  useEffect(() => {
    if (focusFirst === true || (focusFirst === "arriving" && hasFinePointer() && isArriving())) field.current?.focus();
  }, [focusFirst]);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || text === "") return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 180)}px`;
  }, [text]);

  useLayoutEffect(() => {
    if (goTo.current === null) return;
    field.current?.setSelectionRange(goTo.current, goTo.current);
    goTo.current = null;
  });

  const put = (typed: string, at = typed.length, chosen: readonly Mention[] = draft.mentions) => {
    const now = { text: typed, mentions: chosen.filter((mention) => typed.includes(mention.text)) };
    drafts.set(draftKey, now);
    setDraft(now);
    setCaret(at);
    setNote(null);
    setDismissed(false);
    setActive(0);
    if (typed === "" && field.current) field.current.style.height = "";
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new offer is put in
  useEffect(() => {
    if (!offered) return;
    put(offered.text);
    field.current?.focus();
    onTaken?.();
  }, [offered]);

  const isCommand = thread === undefined && text.startsWith("/");
  const commands = thread === undefined ? commandsFor(me, text) : [];
  const offers = commands.length > 0 ? commands : peopleFor(me, text, caret, draft.mentions);
  const suggestions = dismissed ? [] : offers;
  const suggesting = suggestions.length > 0;

  const take = (one: Suggestion) => {
    const before = `${text.slice(0, one.from)}${one.text} `;
    const after = text.slice(one.to).replace(/^ /, "");
    goTo.current = before.length;
    // Of two people with one name, the one chosen last is meant.
    const others = draft.mentions.filter((mention) => mention.text !== one.mention?.text);
    put(before + after, before.length, one.mention ? [...others, one.mention] : others);
    field.current?.focus();
  };
  const send = async () => {
    const typed = text.trim();
    if (typed === "") return;
    // The field is free at once, and the message stands on its way: nobody waits for an answer before they go on typing.
    const given = draft;
    put("", 0, []);
    field.current?.focus();
    setOnItsWay((count) => count + 1);
    const arrived = isCommand ? () => {} : sending?.(typed);
    const said = { channel, text: typed, ...(given.mentions.length > 0 ? { mentions: given.mentions } : {}) };
    const answer = isCommand
      ? await perform({ type: "command", ...said })
      : await perform({ type: "message", ...said, ...(thread === undefined ? {} : { thread_ts: thread }) });
    setOnItsWay((count) => count - 1);
    arrived?.();
    if (answer.ok) return;
    // What wasn't taken comes back, before what was typed since.
    const since = drafts.get(draftKey) ?? NOTHING;
    put(since.text === "" ? given.text : `${given.text}\n${since.text}`, given.text.length, [...given.mentions, ...since.mentions]);
    setNote(isCommand && answer.error !== "not_a_command" && answer.error !== "unreachable" ? toldAbove(answer) : answer.seen);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (suggesting && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (now + step + suggestions.length) % suggestions.length);
    } else if (suggesting && event.key === "Tab") {
      event.preventDefault();
      const chosen = suggestions[active];
      if (chosen) take(chosen);
    } else if (suggesting && event.key === "Escape") {
      // It closes the list, and nothing around it.
      event.preventDefault();
      setDismissed(true);
    } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const chosen = suggestions[active];
      if (chosen && chosen.text !== text) take(chosen);
      else void send();
    }
  };

  return (
    <form
      className={thread === undefined ? "composer" : "composer in-thread"}
      data-region={thread === undefined ? "composer" : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {suggesting && (
        <Suggestions
          of={suggestions}
          id={listId}
          label={commands.length > 0 ? TEXT.commands : TEXT.mention}
          active={active}
          onActive={setActive}
          onChoose={take}
        />
      )}
      <div className="composer-box">
        <textarea
          ref={field}
          rows={1}
          data-testid={thread === undefined ? "composer" : "reply-composer"}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={suggesting ? listId : undefined}
          aria-activedescendant={suggesting ? `${listId}-${active}` : undefined}
          placeholder={label}
          title={TEXT.composeHint}
          value={text}
          onChange={(event) => put(event.target.value, event.target.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="send" aria-label={TEXT.send} aria-busy={onItsWay > 0} disabled={text.trim() === ""}>
          {onItsWay > 0 ? <span className="spinner" aria-hidden="true" /> : <span aria-hidden="true">➤</span>}
        </button>
      </div>
      <p className="composer-note" role="status">
        {note}
      </p>
    </form>
  );
}

/** A command's failure stands in the conversation too, as Slackbot's words; it is not said twice. */
const toldAbove = (answer: ActAnswer) => (!answer.ok && /failed with the error/.test(answer.seen) ? null : answer.ok ? null : answer.seen);

/** Somebody has come here from a list or from nowhere, rather than to a card that they were led to. */
const isArriving = () => document.activeElement === document.body || document.activeElement?.closest('[data-region="side"]') != null;
