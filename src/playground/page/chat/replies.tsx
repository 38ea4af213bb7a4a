/** What stands below a message of its thread: how many replies, and the newest of them. */
import { useContext, useEffect, useRef } from "react";
import type { MessageOnPage, PersonOnPage } from "../../slack/page-interface.ts";
import { timeBelow } from "../blocks/slack-date.ts";
import { ReaderContext } from "../blocks/words.tsx";
import type { Perform } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";
import { Message } from "./message.tsx";

/** The thread that is open beside the conversation; `replying`: to write in it at once. */
export interface OpenThread {
  readonly ts: string;
  readonly replying: boolean;
}

interface Showing {
  readonly of: MessageOnPage;
  readonly authors: ReadonlyMap<string, PersonOnPage>;
  readonly perform: Perform;
  /** Replies above this `ts` are new to the person. */
  readonly read: string;
  readonly open: OpenThread | null;
  readonly onThread: (thread: OpenThread | null) => void;
}

export function Replies({ of, authors, perform, read, open, onThread }: Showing) {
  const reader = useContext(ReaderContext);
  const button = useRef<HTMLButtonElement>(null);
  const parent = of.reply_broadcast && of.thread_ts !== undefined ? of.thread_ts : of.ts;
  const isOpen = open?.ts === parent;
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    // Closing the thread gives the focus back to where it was opened.
    if (wasOpen.current && !isOpen && document.activeElement === document.body) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (of.ephemeral) return null;
  const newest = of.replies.at(-1);
  const show = (replying: boolean) => onThread({ ts: parent, replying });
  if (of.reply_broadcast) {
    return (
      <button ref={button} type="button" className="link-button small" aria-expanded={isOpen} onClick={() => show(false)}>
        {TEXT.broadcast}
      </button>
    );
  }
  if (!newest) {
    return (
      <button ref={button} type="button" className="reply-button" aria-expanded={isOpen} onClick={() => show(true)}>
        {TEXT.reply}
      </button>
    );
  }
  // The newest reply stands below in full, and all of them beside an open thread: what is shown counts as read.
  const folded = isOpen ? [] : of.replies.slice(0, -1);
  const fresh = folded.filter((reply) => reply.ts > read && reply.user !== reader.me).length;
  const when = timeBelow(Number(newest.ts) * 1000, Number(of.ts) * 1000, reader);
  return (
    // biome-ignore lint/a11y/useSemanticElements: neither a part of a form nor a landmark; there may be many
    <div className="thread" role="group" aria-label={TEXT.threadOf(of.replies.length)}>
      <button
        ref={button}
        type="button"
        className="thread-open"
        aria-expanded={isOpen}
        onClick={() => (isOpen ? onThread(null) : show(false))}
      >
        <span className="link-button">{TEXT.replies(of.replies.length)}</span>
        {fresh > 0 && <span className="badge">{TEXT.newReplies(fresh)}</span>}
        <span className="quiet small">{TEXT.lastReply(when)}</span>
      </button>
      {!isOpen && <Message of={newest} author={authors.get(newest.user)} perform={perform} below={Number(of.ts) * 1000} />}
    </div>
  );
}
