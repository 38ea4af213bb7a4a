/** The whole page: who one is and where on the left, the conversation in the middle, Latchkey's timeline on the right. */
import { useCallback, useMemo, useState } from "react";
import type { ConversationOnPage, Snapshot } from "../slack/page-interface.ts";
import { type Reader, ReaderContext } from "./blocks/words.tsx";
import { Conversation, type Tab } from "./chat/conversation.tsx";
import { Conversations } from "./chat/conversations.tsx";
import { Modals } from "./chat/modal.tsx";
import { Guide } from "./guide.tsx";
import { useTimeline } from "./live/timeline.ts";
import { useKnown, type Workspace } from "./live/workspace.ts";
import { WorkspaceContext } from "./live/workspace-context.ts";
import { Switcher } from "./people/switcher.tsx";
import { Waiting, waitingPeople } from "./people/waiting.tsx";
import { TEXT } from "./texts.ts";
import { Timeline } from "./timeline.tsx";

type Pane = "chats" | "chat" | "timeline";
interface Where {
  readonly conversation: string;
  readonly tab: Tab;
}

export function App({ workspace }: { readonly workspace: Workspace }) {
  const known = useKnown(workspace);
  const events = useTimeline(known.me?.version ?? 0);
  const [places, setPlaces] = useState<{ readonly [user: string]: Where }>({});
  const [pane, setPane] = useState<Pane>("chat");
  const [timelineOpen, setTimelineOpen] = useState(() => window.innerWidth >= 1_100);
  const [notice, setNotice] = useState<string | null>(null);
  const [offered, setOffered] = useState<{ readonly user: string; readonly text: string } | null>(null);
  const { me } = known;
  const reader = useMemo(() => readerOf(me), [me]);

  const go = useCallback((user: string, where: Where) => {
    setPlaces((now) => ({ ...now, [user]: where }));
    setPane("chat");
  }, []);
  const switchTo = useCallback(
    (user: string) => {
      const news = newsFor(workspace.known().others.get(user));
      if (news) go(user, { conversation: news.id, tab: "messages" });
      setNotice(null);
      setPane("chat");
      workspace.become(user);
    },
    [workspace, go],
  );

  if (!me) {
    return (
      <main className="opening" aria-busy="true">
        <p>{known.online ? TEXT.loading : TEXT.offline}</p>
      </main>
    );
  }
  const direct = me.conversations.find((conversation) => conversation.kind === "im");
  const place = places[me.me.id] ?? { conversation: direct?.id ?? "", tab: "messages" as const };
  const shown = me.conversations.find((conversation) => conversation.id === place.conversation) ?? direct;
  const showsTimeline = events !== null && (timelineOpen || pane === "timeline");
  const startShortcut = async (callbackId: string) => {
    const answer = await workspace.perform({ type: "shortcut", callback_id: callbackId });
    setNotice(answer.ok ? null : answer.seen);
  };
  const type = (text: string) => {
    if (direct) go(me.me.id, { conversation: direct.id, tab: "messages" });
    setOffered({ user: me.me.id, text });
  };

  return (
    <WorkspaceContext value={me}>
      <ReaderContext value={reader}>
        <div className={`app ${showsTimeline ? "with-timeline" : ""}`} data-pane={pane}>
          <Guide me={me} events={events} waiting={waitingPeople(known)} onType={type} onSwitch={switchTo} />
          <div className="side">
            <Switcher me={me} known={known} onSwitch={switchTo} />
            <Conversations
              me={me}
              shown={shown?.id ?? null}
              onShow={(conversation) => go(me.me.id, { conversation, tab: "messages" })}
              onShortcut={(callbackId) => void startShortcut(callbackId)}
            />
            <Waiting known={known} onSwitch={switchTo} />
          </div>
          <main className="middle">
            {shown ? (
              <Conversation
                me={me}
                of={shown}
                tab={place.tab}
                onTab={(tab) => go(me.me.id, { conversation: shown.id, tab })}
                perform={workspace.perform}
                offered={offered?.user === me.me.id && shown === direct ? offered : null}
              />
            ) : (
              <p className="empty">{TEXT.chooseConversation}</p>
            )}
          </main>
          {showsTimeline && (
            <Timeline
              events={events}
              tz={me.me.tz}
              onHide={() => {
                setTimelineOpen(false);
                setPane("chat");
              }}
            />
          )}
          {events !== null && !showsTimeline && (
            <button type="button" className="timeline-show" aria-label={TEXT.showTimeline} onClick={() => setTimelineOpen(true)}>
              <span>{TEXT.timeline}</span>
            </button>
          )}
          <Panes pane={pane} onPane={setPane} hasTimeline={events !== null} unread={waitingPeople(known).length} />
          <div className="notice" role="status" data-testid="notice">
            {known.online ? notice : TEXT.offline}
          </div>
        </div>
        <Modals stack={me.modals} perform={workspace.perform} />
      </ReaderContext>
    </WorkspaceContext>
  );
}

/** On a narrow screen the columns are tabs. */
function Panes(props: {
  readonly pane: Pane;
  readonly onPane: (pane: Pane) => void;
  readonly hasTimeline: boolean;
  readonly unread: number;
}) {
  const one = (pane: Pane, label: string, badge = 0) => (
    <button type="button" aria-pressed={props.pane === pane} onClick={() => props.onPane(pane)}>
      {label}
      {badge > 0 && <span className="badge">{badge}</span>}
    </button>
  );
  return (
    <nav className="panes" aria-label={TEXT.panes}>
      {one("chats", TEXT.chats, props.unread)}
      {one("chat", TEXT.chat)}
      {props.hasTimeline && one("timeline", TEXT.timeline)}
    </nav>
  );
}

/** The conversation with the newest unread message, if any. */
function newsFor(snapshot: Snapshot | undefined): ConversationOnPage | undefined {
  const newest = (conversation: ConversationOnPage) => conversation.messages.at(-1)?.ts ?? "";
  return snapshot?.conversations
    .filter((conversation) => conversation.unread > 0)
    .reduce<ConversationOnPage | undefined>((best, each) => (!best || newest(each) >= newest(best) ? each : best), undefined);
}

function readerOf(me: Snapshot | null): Reader {
  const people = new Map(me?.people.map((person) => [person.id, person.real_name]));
  const channels = new Map(me?.conversations.map((conversation) => [conversation.id, conversation.name]));
  return {
    me: me?.me.id ?? "",
    tz: me?.me.tz ?? "UTC",
    nameOf: (user) => people.get(user) ?? user,
    channelOf: (channel) => channels.get(channel) ?? channel,
  };
}
