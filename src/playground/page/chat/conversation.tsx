/** The middle column: one conversation, or the app's Home and Messages tabs. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { ConversationOnPage, Snapshot } from "../../slack/page-interface.ts";
import type { Perform } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";
import { Announcer } from "./announcer.tsx";
import { Composer } from "./composer.tsx";
import { Home } from "./home.tsx";
import { Messages } from "./messages.tsx";
import { usePending } from "./pending.tsx";
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
  const tabsId = useId();
  return (
    <>
      <header className="conversation-head">
        <div className="conversation-title">
          <h2>{where}</h2>
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
        {isApp && <Tabs id={tabsId} of={of.name} tab={tab} onTab={onTab} />}
      </header>
      <Panel id={tabsId} tab={isApp ? tab : null}>
        {showsMessages ? <Chat key={`${me.me.id} ${of.id}`} {...props} read={read} where={where} /> : <Home me={me} perform={perform} />}
      </Panel>
      <Announcer me={me.me.id} of={of} />
    </>
  );
}

/** What a tab shows; a channel has no tabs. */
const Panel = ({ id, tab, children }: { readonly id: string; readonly tab: Tab | null; readonly children: ReactNode }) =>
  tab === null ? (
    <div className="panel">{children}</div>
  ) : (
    <div className="panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
      {children}
    </div>
  );

function Chat(props: Showing & { readonly read: string; readonly where: string }) {
  const { me, of, perform } = props;
  const pending = usePending(me.me.id, of.messages);
  return (
    <>
      <Messages
        me={me}
        of={of}
        perform={perform}
        read={props.read}
        seek={props.seek}
        onFound={props.onFound}
        pending={pending.shown}
        thread={props.thread}
        onThread={props.onThread}
      />
      {!of.is_archived && (
        <Composer
          me={me}
          channel={of.id}
          label={TEXT.compose(props.where)}
          perform={perform}
          focusFirst="arriving"
          sending={pending.sending}
          offered={props.offered}
          onTaken={props.onTaken}
        />
      )}
    </>
  );
}

interface Choosing {
  readonly id: string;
  /** The app's name. */
  readonly of: string;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
}

function Tabs({ id, of, tab, onTab }: Choosing) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    onTab(tab === "home" ? "messages" : "home");
    const buttons = event.currentTarget.querySelectorAll("button");
    buttons[tab === "home" ? 1 : 0]?.focus();
  };
  const one = (name: Tab, label: string) => (
    <button
      type="button"
      role="tab"
      id={`${id}-${name}`}
      aria-selected={tab === name}
      aria-controls={tab === name ? `${id}-panel` : undefined}
      tabIndex={tab === name ? 0 : -1}
      onClick={() => onTab(name)}
    >
      {label}
    </button>
  );
  return (
    <div className="tabs" role="tablist" aria-label={TEXT.tabsOf(of)} onKeyDown={onKeyDown}>
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
