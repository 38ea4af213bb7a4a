/** The message list of one conversation: days, authors, threads, and staying at its end. */
import { type KeyboardEvent, type ReactNode, useContext, useLayoutEffect, useRef } from "react";
import type { ConversationOnPage, MessageOnPage, PersonOnPage, Snapshot } from "../../slack/page-interface.ts";
import { dayName } from "../blocks/slack-date.ts";
import { ReaderContext } from "../blocks/words.tsx";
import type { Perform } from "../inputs/surface.ts";
import { walkList } from "../live/focus.ts";
import { TEXT } from "../texts.ts";
import { Message } from "./message.tsx";
import { OnItsWay, type Pending } from "./pending.tsx";
import { type OpenThread, Replies } from "./replies.tsx";

interface Listing {
  readonly me: Snapshot;
  readonly of: ConversationOnPage;
  readonly perform: Perform;
  /** `ts` up to which the person had read when the conversation was opened. */
  readonly read: string;
  /** A message to lead to: it is scrolled to and gets the focus, once. */
  readonly seek: { readonly ts: string } | null;
  readonly onFound: () => void;
  readonly pending: readonly Pending[];
  readonly thread: OpenThread | null;
  readonly onThread: (thread: OpenThread | null) => void;
}

/** Messages of one author closer together than this stand under one name. */
const TOGETHER_SECONDS = 300;
/** Who is this close to the end is taken along to new messages. */
const NEAR_END_PX = 120;

export function Messages({ me, of, perform, read, seek, onFound, pending, thread, onThread }: Listing) {
  const reader = useContext(ReaderContext);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const newFrom = of.messages.find((message) => message.ts > read && message.user !== me.me.id)?.ts ?? null;
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
  useLayoutEffect(() => {
    const found = seek && list.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(seek.ts)}"]`);
    if (!found) return;
    atEnd.current = false;
    found.scrollIntoView({ block: "nearest" });
    found.focus({ preventScroll: true });
    found.classList.add("found");
    found.addEventListener("animationend", () => found.classList.remove("found"), { once: true });
    onFound();
  });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isWalkable(event) && walkList(walkable(event.currentTarget), event.key)) event.preventDefault();
  };

  return (
    <div
      ref={list}
      className="messages"
      data-testid="messages"
      role="log"
      aria-live="off"
      aria-label={of.kind === "im" ? of.name : `#${of.name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const element = event.currentTarget;
        atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
      }}
    >
      <div className="messages-inner">
        <p className="beginning">{of.kind === "im" ? TEXT.directBegins(me.app.name) : TEXT.channelBegins(of.name)}</p>
        {of.messages.map((message, index) => {
          const before = of.messages[index - 1];
          const day = dayName(Number(message.ts) * 1000, reader);
          const newDay = !before || dayName(Number(before.ts) * 1000, reader) !== day;
          return (
            <div key={message.ts}>
              {newDay && <Rule>{day}</Rule>}
              {message.ts === newFrom && !newDay && <Rule news>{TEXT.newMessages}</Rule>}
              <Message
                of={message}
                author={authors.get(message.user)}
                perform={perform}
                follows={!newDay && message.ts !== newFrom && isTogether(before, message)}
              >
                <Replies of={message} authors={authors} perform={perform} read={read} open={thread} onThread={onThread} />
              </Message>
            </div>
          );
        })}
        {pending.map((each) => (
          <OnItsWay key={`pending ${each.id}`} of={each} me={me.me} />
        ))}
      </div>
    </div>
  );
}

/** Up and down leave a message only where it doesn't have to be scrolled through first. */
function isWalkable(event: KeyboardEvent<HTMLElement>): boolean {
  const { target, currentTarget: list, key } = event;
  if (!(target instanceof HTMLElement) || (target !== list && target.dataset.ts === undefined)) return false;
  const [box, view] = [target.getBoundingClientRect(), list.getBoundingClientRect()];
  if (target !== list && key === "ArrowDown") return box.bottom <= view.bottom + 1;
  if (target !== list && key === "ArrowUp") return box.top >= view.top - 1;
  return true;
}

const walkable = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>(".messages-inner > div > .message[data-ts]")];

const Rule = ({ news = false, children }: { readonly news?: boolean; readonly children: ReactNode }) => (
  <div className={news ? "rule news" : "rule"}>
    <span>{children}</span>
  </div>
);

const isTogether = (before: MessageOnPage | undefined, message: MessageOnPage) =>
  before !== undefined &&
  before.user === message.user &&
  before.ephemeral === message.ephemeral &&
  before.replies.length === 0 &&
  Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
