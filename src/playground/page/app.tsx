/** The whole page: who one is and where on the left, the conversation in the middle, a thread or Latchkey's timeline on the right. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { ConversationOnPage, Snapshot } from "../slack/page-interface.ts";
import { type Reader, ReaderContext } from "./blocks/words.tsx";
import { Conversation, type Tab } from "./chat/conversation.tsx";
import { Conversations } from "./chat/conversations.tsx";
import { Modals } from "./chat/modal.tsx";
import type { OpenThread } from "./chat/replies.tsx";
import { Thread } from "./chat/thread.tsx";
import { ClockControl } from "./clock.tsx";
import { ColourSwitch } from "./colours.tsx";
import { Guide } from "./guide.tsx";
import { type Clock, useClock } from "./live/clock.ts";
import { keepFocus } from "./live/focus.ts";
import { skipToMessages, useIsPhone, useRegionKeys } from "./live/regions.ts";
import { useTimeline } from "./live/timeline.ts";
import type { Holder } from "./live/timeline-event.ts";
import { type Known, useKnown, type Workspace } from "./live/workspace.ts";
import { WorkspaceContext } from "./live/workspace-context.ts";
import { type Pane, Panes } from "./panes.tsx";
import { Switcher } from "./people/switcher.tsx";
import { Waiting, waitingPeople } from "./people/waiting.tsx";
import { TEXT } from "./texts.ts";
import { Timeline } from "./timeline.tsx";

interface Where {
  readonly conversation: string;
  readonly tab: Tab;
  readonly thread?: OpenThread | null;
}
/** A card that somebody is led to. */
interface Seek {
  readonly user: string;
  readonly conversation: string;
  readonly ts: string;
}

export function App({ workspace }: { readonly workspace: Workspace }) {
  const known = useKnown(workspace);
  const timeline = useTimeline(known.me?.version ?? 0);
  const clock = useClock(known.me?.version ?? 0);
  const [places, setPlaces] = useState<{ readonly [user: string]: Where }>({});
  const [pane, setPane] = useState<Pane>("chat");
  const [timelineOpen, setTimelineOpen] = useState(() => window.innerWidth >= 1_100);
  const [notice, setNotice] = useState<string | null>(null);
  const [offered, setOffered] = useState<{ readonly user: string; readonly text: string } | null>(null);
  const [switching, setSwitching] = useState(false);
  const [seek, setSeek] = useState<Seek | null>(null);
  const { me } = known;
  const reader = useMemo(() => readerOf(me, clock), [me, clock]);
  const isPhone = useIsPhone();
  useEffect(keepFocus, []);
  useRegionKeys();

  const go = useCallback((user: string, where: Where) => {
    setPlaces((now) => ({ ...now, [user]: where }));
    setPane("chat");
  }, []);
  const become = useCallback(
    (user: string) => {
      setNotice(null);
      setPane("chat");
      workspace.become(user);
    },
    [workspace],
  );
  const switchTo = useCallback(
    (user: string) => {
      const news = workspace.known().news.get(user);
      if (news) go(user, { conversation: news.conversation, tab: "messages" });
      become(user);
    },
    [workspace, go, become],
  );
  const goToCard = useCallback(
    ({ user, card }: Holder) => {
      if (!card) return switchTo(user);
      go(user, { conversation: card.conversation, tab: "messages" });
      setSeek({ user, conversation: card.conversation, ts: card.message });
      become(user);
    },
    [go, become, switchTo],
  );

  // Drawn once it is known how many columns there are: one that came a moment later would push the others aside.
  if (!me || timeline === undefined) {
    return (
      <main className="opening" aria-busy="true">
        <p>{known.online ? TEXT.loading : TEXT.offline}</p>
      </main>
    );
  }
  const direct = me.conversations.find((conversation) => conversation.kind === "im");
  const place = places[me.me.id] ?? { conversation: direct?.id ?? "", tab: "messages" as const };
  const shown = me.conversations.find((conversation) => conversation.id === place.conversation) ?? direct;
  const thread = place.tab === "messages" ? threadIn(shown, place.thread) : null;
  const showsTimeline = timeline !== null && thread === null && (timelineOpen || pane === "timeline");
  const setThread = (next: OpenThread | null) => {
    if (shown) go(me.me.id, { conversation: shown.id, tab: "messages", thread: next });
  };
  const startShortcut = async (callbackId: string) => {
    setNotice(null);
    const answer = await workspace.perform({ type: "shortcut", callback_id: callbackId });
    if (!answer.ok) setNotice(answer.seen);
  };
  const type = (text: string) => {
    if (direct) go(me.me.id, { conversation: direct.id, tab: "messages" });
    setOffered({ user: me.me.id, text });
  };
  const sought = seek?.user === me.me.id && seek.conversation === shown?.id ? seek : null;

  return (
    <WorkspaceContext value={me}>
      <ReaderContext value={reader}>
        <div className="app" data-pane={pane}>
          <header>
            <h1 className="unseen">{TEXT.page}</h1>
            <button type="button" className="skip" onClick={() => skipToMessages(() => setPane("chat"))}>
              {TEXT.skip}
            </button>
          </header>
          <Guide me={me.me.id} command={commandToTry(me)} timeline={timeline} players={playersOf(known)} onType={type} onGo={goToCard} />
          <section className="side" data-region="side" role={isPhone && pane === "switch" ? "main" : undefined} aria-label={TEXT.beside}>
            <Switcher
              me={known.becoming ?? me.me}
              people={me.people}
              known={known}
              open={switching}
              onOpen={setSwitching}
              onSwitch={switchTo}
            />
            <Conversations
              me={me}
              shown={shown?.id ?? null}
              onShow={(conversation) => go(me.me.id, { conversation, tab: "messages" })}
              onShortcut={startShortcut}
            />
            <Waiting known={known} onSwitch={switchTo} onMore={() => setSwitching(true)} />
            {/* On a phone the side is a pane of its own: who comes back finds the clock folded again. */}
            {clock && <ClockControl key={String(pane === "switch")} clock={clock} />}
            <ColourSwitch />
          </section>
          <main className={thread ? "middle has-thread" : "middle"} data-region="middle" aria-busy={known.becoming !== null}>
            {shown ? (
              <Conversation
                me={me}
                of={shown}
                tab={place.tab}
                onTab={(tab) => go(me.me.id, { conversation: shown.id, tab })}
                perform={workspace.perform}
                offered={offered?.user === me.me.id && shown === direct ? offered : null}
                onTaken={() => setOffered(null)}
                seek={sought}
                onFound={() => setSeek(null)}
                thread={thread}
                onThread={setThread}
                onWho={() => setPane("switch")}
              />
            ) : (
              <p className="empty">{TEXT.chooseConversation}</p>
            )}
          </main>
          {shown && thread && (
            <Thread
              key={`${me.me.id} ${thread.ts}`}
              me={me}
              of={shown}
              thread={thread}
              perform={workspace.perform}
              onClose={() => setThread(null)}
              isMain={isPhone}
            />
          )}
          {showsTimeline && (
            <Timeline
              timeline={timeline}
              zone={clock?.zone ?? me.me.tz}
              now={reader.now}
              isMain={isPhone}
              onHide={() => {
                setTimelineOpen(false);
                setPane("chat");
              }}
            />
          )}
          {timeline !== null && thread === null && !showsTimeline && (
            <button type="button" className="timeline-show" aria-label={TEXT.showTimeline} onClick={() => setTimelineOpen(true)}>
              <span>{TEXT.timeline}</span>
            </button>
          )}
          <Panes
            pane={pane}
            onPane={(next) => {
              if (next === "timeline" && thread) setThread(null);
              setPane(next);
            }}
            hasTimeline={timeline !== null}
            unread={waitingPeople(known).length}
          />
          <div className="notice" role="status" data-testid="notice">
            {known.online ? notice : TEXT.offline}
          </div>
        </div>
        <Modals stack={me.modals} perform={workspace.perform} />
      </ReaderContext>
    </WorkspaceContext>
  );
}

/** The open thread, as long as its message is there. */
function threadIn(of: ConversationOnPage | undefined, thread: OpenThread | null | undefined): OpenThread | null {
  return thread && of?.messages.some((message) => message.ts === thread.ts) ? thread : null;
}

/** Names of those acted as lately, whose acts the timeline tells by name. */
function playersOf({ me, recent }: Known): ReadonlySet<string> {
  return new Set(me?.people.filter(({ id }) => recent.includes(id)).map((person) => person.real_name));
}

/** What a newcomer may type first; Acme has a Salesforce to ask for. */
function commandToTry(me: Snapshot): string | null {
  const command = me.app.commands[0]?.command;
  return command === undefined ? null : `${command}${me.me.email.endsWith("@acme.example") ? " salesforce" : ""}`;
}

function readerOf(me: Snapshot | null, clock: Clock | null): Reader {
  const people = new Map(me?.people.map((person) => [person.id, person.real_name]));
  const channels = new Map(me?.conversations.map((conversation) => [conversation.id, conversation.name]));
  return {
    me: me?.me.id ?? "",
    tz: me?.me.tz ?? "UTC",
    locale: me?.me.locale ?? "en-GB",
    now: clock ? clock.now : Date.now,
    nameOf: (user) => people.get(user) ?? user,
    channelOf: (channel) => channels.get(channel) ?? channel,
  };
}
