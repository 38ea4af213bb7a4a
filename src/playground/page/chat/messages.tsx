/** The message list of one conversation: days, authors, threads, and staying at its end. */
import { type ReactNode, useContext, useLayoutEffect, useRef, useState } from "react";
import type { ConversationOnPage, MessageOnPage, PersonOnPage, Snapshot } from "../../slack/page-interface.ts";
import { ReaderContext } from "../blocks/words.tsx";
import type { Perform } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";
import { Composer } from "./composer.tsx";
import { Message } from "./message.tsx";

interface Listing {
  readonly me: Snapshot;
  readonly of: ConversationOnPage;
  readonly perform: Perform;
  /** The first message that was unread when the conversation was opened. */
  readonly newFrom: string | null;
}

/** Messages of one author closer together than this stand under one name. */
const TOGETHER_SECONDS = 300;
/** Who is this close to the end is taken along to new messages. */
const NEAR_END_PX = 120;

export function Messages({ me, of, perform, newFrom }: Listing) {
  const { tz } = useContext(ReaderContext);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const authors = new Map<string, PersonOnPage>(me.people.map((person) => [person.id, person]));
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const toEnd = () => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    };
    toEnd();
    // Blocks that load later and cards that grow keep the end in view too.
    const observer = new ResizeObserver(toEnd);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  });

  return (
    <div
      ref={list}
      className="messages"
      data-testid="messages"
      role="log"
      aria-label={of.kind === "im" ? of.name : `#${of.name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard
      tabIndex={0}
      onScroll={(event) => {
        const element = event.currentTarget;
        atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
      }}
    >
      <div className="messages-inner">
        {of.messages.length === 0 && (
          <p className="empty">{of.kind === "im" ? TEXT.directEmpty(me.app.name) : TEXT.channelEmpty(of.name)}</p>
        )}
        {of.messages.map((message, index) => {
          const before = of.messages[index - 1];
          const newDay = !before || dayOf(before, tz) !== dayOf(message, tz);
          return (
            <div key={message.ts}>
              {newDay && <Rule>{dayOf(message, tz)}</Rule>}
              {message.ts === newFrom && !newDay && <Rule news>{TEXT.newMessages}</Rule>}
              <Message
                of={message}
                author={authors.get(message.user)}
                perform={perform}
                follows={!newDay && message.ts !== newFrom && isTogether(before, message)}
              >
                <Thread me={me} of={message} authors={authors} perform={perform} />
              </Message>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const Rule = ({ news = false, children }: { readonly news?: boolean; readonly children: ReactNode }) => (
  <div className={news ? "rule news" : "rule"}>
    <span>{children}</span>
  </div>
);

function Thread(props: {
  readonly me: Snapshot;
  readonly of: MessageOnPage;
  readonly authors: ReadonlyMap<string, PersonOnPage>;
  readonly perform: Perform;
}) {
  const { me, of, authors, perform } = props;
  const [open, setOpen] = useState(true);
  const [replying, setReplying] = useState(false);
  if (of.ephemeral) return null;
  return (
    <div className="thread">
      {of.replies.length > 0 && (
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {TEXT.replies(of.replies.length)}
        </button>
      )}
      {open && of.replies.map((reply) => <Message key={reply.ts} of={reply} author={authors.get(reply.user)} perform={perform} />)}
      {(replying || of.replies.length > 0) && open ? (
        <Composer me={me} channel={of.channel} thread={of.ts} label={TEXT.replyHere} perform={perform} focusFirst={replying} />
      ) : (
        of.replies.length === 0 && (
          <button type="button" className="reply-button" onClick={() => setReplying(true)}>
            {TEXT.reply}
          </button>
        )
      )}
    </div>
  );
}

const dayOf = (message: MessageOnPage, tz: string) =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: tz }).format(Number(message.ts) * 1000);

const isTogether = (before: MessageOnPage | undefined, message: MessageOnPage) =>
  before !== undefined &&
  before.user === message.user &&
  before.ephemeral === message.ephemeral &&
  before.replies.length === 0 &&
  Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
