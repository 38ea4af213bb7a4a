/** Where one types: messages, and slash commands with suggestions. What is typed stays with its conversation until it was taken. */
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { ActAnswer, Snapshot } from "../../slack/page-interface.ts";
import type { Perform } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";

interface Composing {
  readonly me: Snapshot;
  readonly channel: string;
  readonly thread?: string;
  readonly label: string;
  readonly perform: Perform;
  readonly focusFirst?: boolean;
  /** Text that the guide wants typed: put in once, and given back as taken. */
  readonly offered?: { readonly text: string } | null;
  readonly onTaken?: () => void;
}

/** person, conversation and thread -> what was typed there. */
const drafts = new Map<string, string>();

export function Composer({ me, channel, thread, label, perform, focusFirst = false, offered = null, onTaken }: Composing) {
  const draftKey = `${me.me.id} ${channel} ${thread ?? ""}`;
  const [text, setText] = useState(() => drafts.get(draftKey) ?? "");
  const [sending, setSending] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  useEffect(() => {
    if (focusFirst) field.current?.focus();
  }, [focusFirst]);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || text === "") return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 180)}px`;
  }, [text]);

  const put = (typed: string) => {
    drafts.set(draftKey, typed);
    setText(typed);
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
  const typedCommand = text.split(/\s/)[0] ?? "";
  const suggestions =
    isCommand && !/\s/.test(text) && !dismissed
      ? me.app.commands.filter(({ command }) => command.startsWith(typedCommand.toLowerCase()))
      : [];
  const suggesting = suggestions.length > 0;

  const complete = (command: string) => {
    put(`${command} `);
    field.current?.focus();
  };
  const send = async () => {
    const typed = text.trim();
    if (typed === "" || sending) return;
    setSending(true);
    const answer = isCommand
      ? await perform({ type: "command", channel, text: typed })
      : await perform({ type: "message", channel, text: typed, ...(thread === undefined ? {} : { thread_ts: thread }) });
    setSending(false);
    if (answer.ok) put("");
    else setNote(isCommand && answer.error !== "not_a_command" && answer.error !== "unreachable" ? toldAbove(answer) : answer.seen);
    if (!document.querySelector("dialog[open]")) field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (suggesting && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (now + step + suggestions.length) % suggestions.length);
    } else if (suggesting && event.key === "Tab") {
      event.preventDefault();
      complete(suggestions[active]?.command ?? typedCommand);
    } else if (suggesting && event.key === "Escape") {
      setDismissed(true);
    } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const chosen = suggestions[active]?.command;
      if (chosen !== undefined && chosen !== text) complete(chosen);
      else void send();
    }
  };

  return (
    <form
      className={thread === undefined ? "composer" : "composer in-thread"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {suggesting && (
        <div className="suggestions" role="listbox" id={listId} aria-label={TEXT.commands}>
          {suggestions.map((command, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the focus and takes the keys
            <div
              key={command.command}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={index === active ? "menu-item active" : "menu-item"}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setActive(index)}
              onClick={() => complete(command.command)}
            >
              <span className="menu-item-text">
                <span>
                  <strong>{command.command}</strong> <span className="quiet">{command.hint}</span>
                </span>
                <span className="menu-item-more">{command.description}</span>
              </span>
            </div>
          ))}
        </div>
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
          onChange={(event) => put(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="send" aria-label={TEXT.send} aria-busy={sending} disabled={text.trim() === "" || sending}>
          {sending ? <span className="spinner" aria-hidden="true" /> : <span aria-hidden="true">➤</span>}
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
