/** The middle column: one conversation, or the app's Home and Messages tabs. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { ConversationOnPage, Snapshot } from "../../slack/page-interface.ts";
import type { Perform } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";
import { Composer } from "./composer.tsx";
import { Home } from "./home.tsx";
import { Messages } from "./messages.tsx";
import type { OpenThread } from "./replies.tsx";

export type Tab = "home" | "messages";

interface Showing {
  readonly me: Snapshot;
  readonly of: ConversationOnPage;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly perform: Perform;
  readonly offered: { readonly text: string } | null;
  readonly onTaken: () => void;
  readonly seek: { readonly ts: string } | null;
  readonly onFound: () => void;
  readonly thread: OpenThread | null;
  readonly onThread: (thread: OpenThread | null) => void;
  /** To where one is somebody else: on a phone that is another pane. */
  readonly onWho: () => void;
}

export function Conversation(props: Showing) {
  const { me, of, tab, onTab, perform } = props;
  const isApp = of.kind === "im";
  const showsMessages = !isApp || tab === "messages";
  const read = useReading(of, showsMessages, perform);
  const where = isApp ? of.name : `#${of.name}`;
  return (
    <>
      <header className="conversation-head">
        <div className="conversation-title">
          <h1>{where}</h1>
          <button type="button" className="as-who" onClick={props.onWho}>
            {TEXT.asWho(me.me.real_name)}
          </button>
          <span className="quiet small one-line">
            {isApp
              ? ""
              : [TEXT.members(of.members.length), of.topic, of.bot_is_member ? "" : TEXT.notMember]
                  .filter((each) => each !== "")
                  .join(" · ")}
          </span>
        </div>
        {isApp && <Tabs tab={tab} onTab={onTab} />}
      </header>
      {showsMessages ? (
        <>
          <Messages
            key={`${me.me.id} ${of.id}`}
            me={me}
            of={of}
            perform={perform}
            read={read}
            seek={props.seek}
            onFound={props.onFound}
            thread={props.thread}
            onThread={props.onThread}
          />
          {!of.is_archived && (
            <Composer
              key={`${me.me.id} ${of.id} composer`}
              me={me}
              channel={of.id}
              label={TEXT.compose(where)}
              perform={perform}
              offered={props.offered}
              onTaken={props.onTaken}
            />
          )}
        </>
      ) : (
        <Home me={me} perform={perform} />
      )}
    </>
  );
}

function Tabs({ tab, onTab }: { readonly tab: Tab; readonly onTab: (tab: Tab) => void }) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    onTab(tab === "home" ? "messages" : "home");
    const buttons = event.currentTarget.querySelectorAll("button");
    buttons[tab === "home" ? 1 : 0]?.focus();
  };
  const one = (name: Tab, label: string) => (
    <button type="button" role="tab" aria-selected={tab === name} tabIndex={tab === name ? 0 : -1} onClick={() => onTab(name)}>
      {label}
    </button>
  );
  return (
    <div className="tabs" role="tablist" aria-label={TEXT.home} onKeyDown={onKeyDown}>
      {one("home", TEXT.home)}
      {one("messages", TEXT.messages)}
    </div>
  );
}

/** Marks the conversation read while it is looked at; answers up to where it had been read when it was opened. */
function useReading(of: ConversationOnPage, isSeen: boolean, perform: Perform): string {
  const [opened, setOpened] = useState<{ readonly id: string; readonly read: string }>({ id: "", read: "" });
  const tell = useRef(perform);
  tell.current = perform;
  const key = `${of.id} ${isSeen}`;
  if (opened.id !== key) setOpened({ id: key, read: of.read });
  useEffect(() => {
    if (!isSeen || of.unread === 0) return;
    const read = () => {
      if (document.visibilityState === "visible") void tell.current({ type: "read", channel: of.id });
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [isSeen, of.id, of.unread]);
  return opened.read;
}
