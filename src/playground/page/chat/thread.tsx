/** One thread beside its conversation, or in its place on a phone: the message, its replies, and where one writes another. */
import { useEffect, useLayoutEffect, useRef } from "react";
import type { ConversationOnPage, MessageOnPage, PersonOnPage, Snapshot } from "../../slack/page-interface.ts";
import type { Perform } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";
import { Composer } from "./composer.tsx";
import { Message } from "./message.tsx";
import { OnItsWay, usePending } from "./pending.tsx";
import type { OpenThread } from "./replies.tsx";

interface Showing {
  readonly me: Snapshot;
  readonly of: ConversationOnPage;
  readonly thread: OpenThread;
  readonly perform: Perform;
  readonly onClose: () => void;
  /** On a phone it stands in the conversation's place. */
  readonly isMain: boolean;
}

const NONE: readonly MessageOnPage[] = [];

export function Thread({ me, of, thread, perform, onClose, isMain }: Showing) {
  const pane = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const parent = of.messages.find((message) => message.ts === thread.ts);
  const replies = parent?.replies.length ?? 0;
  const pending = usePending(me.me.id, parent?.replies ?? NONE);
  useEffect(() => {
    // To read, the pane itself has the focus: on a phone a focused field would bring up the keyboard.
    if (!thread.replying) pane.current?.focus({ preventScroll: true });
  }, [thread.replying]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new reply is scrolled to
  useLayoutEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [replies, pending.shown.length]);
  if (!parent) return null;
  const authors = new Map<string, PersonOnPage>(me.people.map((person) => [person.id, person]));
  const where = of.kind === "im" ? of.name : `#${of.name}`;
  return (
    <section
      ref={pane}
      className="thread-pane"
      data-testid="thread"
      data-region="beside"
      role={isMain ? "main" : "complementary"}
      aria-label={TEXT.threadIn(where)}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="timeline-head">
        <button type="button" className="icon-button thread-back" aria-label={TEXT.backTo(where)} onClick={onClose}>
          <span aria-hidden="true">←</span>
        </button>
        <h2>
          {TEXT.thread} <span className="quiet small">{where}</span>
          <span className="as-who">{TEXT.asWho(me.me.real_name)}</span>
        </h2>
        <button type="button" className="icon-button thread-close" aria-label={TEXT.closeThread} title={TEXT.closeThread} onClick={onClose}>
          <span aria-hidden="true">×</span>
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard */}
      <div ref={list} className="thread-list" role="log" aria-live="off" aria-label={TEXT.repliesOf(where)} tabIndex={0}>
        <Message of={parent} author={authors.get(parent.user)} perform={perform} dated />
        {replies > 0 && (
          <div className="rule">
            <span>{TEXT.replies(replies)}</span>
          </div>
        )}
        {parent.replies.map((reply) => (
          <Message key={reply.ts} of={reply} author={authors.get(reply.user)} perform={perform} dated />
        ))}
        {pending.shown.map((each) => (
          <OnItsWay key={`pending ${each.id}`} of={each} me={me.me} />
        ))}
      </div>
      {!of.is_archived && (
        <Composer
          key={thread.ts}
          me={me}
          channel={of.id}
          thread={thread.ts}
          label={TEXT.replyHere}
          perform={perform}
          focusFirst={thread.replying}
          sending={pending.sending}
        />
      )}
    </section>
  );
}
