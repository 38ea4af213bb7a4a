/** The left column's list: the direct message with the app, and the channels the person is in. */
import { type KeyboardEvent, useState } from "react";
import type { ConversationOnPage, Snapshot } from "../../slack/page-interface.ts";
import { walkList } from "../live/focus.ts";
import { TEXT } from "../texts.ts";

interface Listing {
  readonly me: Snapshot;
  readonly shown: string | null;
  readonly onShow: (conversation: string) => void;
  /** Resolves when the app has answered. */
  readonly onShortcut: (callbackId: string) => Promise<void>;
}

export function Conversations({ me, shown, onShow, onShortcut }: Listing) {
  const direct = me.conversations.filter((conversation) => conversation.kind === "im");
  const channels = me.conversations.filter((conversation) => conversation.kind !== "im");
  const [starting, setStarting] = useState<string | null>(null);
  const start = async (callbackId: string) => {
    if (starting !== null) return;
    setStarting(callbackId);
    await onShortcut(callbackId);
    setStarting(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (walkList([...event.currentTarget.querySelectorAll("button")], event.key)) event.preventDefault();
  };
  const row = (conversation: ConversationOnPage) => (
    <Row key={conversation.id} of={conversation} current={conversation.id === shown} onShow={() => onShow(conversation.id)} />
  );
  return (
    <nav className="conversations" data-testid="conversations" aria-label={TEXT.conversations} onKeyDown={onKeyDown}>
      <h2 className="side-title">{TEXT.apps}</h2>
      <ul>{direct.map(row)}</ul>
      {channels.length > 0 && <h2 className="side-title">{TEXT.channels}</h2>}
      <ul>{channels.map(row)}</ul>
      {me.app.shortcuts.length > 0 && <h2 className="side-title">{TEXT.shortcuts}</h2>}
      <ul>
        {me.app.shortcuts.map((shortcut) => (
          <li key={shortcut.callback_id}>
            <button
              type="button"
              className="conversation"
              title={shortcut.description}
              aria-busy={starting === shortcut.callback_id}
              onClick={() => void start(shortcut.callback_id)}
            >
              <span className="conversation-mark" aria-hidden="true">
                ⚡
              </span>
              <span className="conversation-name">{shortcut.name}</span>
              {starting === shortcut.callback_id && <span className="spinner" aria-hidden="true" />}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Row({ of, current, onShow }: { readonly of: ConversationOnPage; readonly current: boolean; readonly onShow: () => void }) {
  const mark = of.kind === "im" ? "●" : of.kind === "private" ? "🔒" : "#";
  return (
    <li>
      <button
        type="button"
        className={`conversation ${current ? "current" : ""} ${of.unread > 0 ? "unread" : ""}`}
        aria-current={current ? "page" : undefined}
        onClick={onShow}
      >
        <span className={`conversation-mark ${of.kind}`} aria-hidden="true">
          {mark}
        </span>
        <span className="conversation-name">{of.name}</span>
        {of.is_archived && <span className="tag">{TEXT.archived}</span>}
        {of.unread > 0 && (
          <span className="badge">
            {of.unread}
            <span className="unseen"> {TEXT.unread(of.unread)}</span>
          </span>
        )}
      </button>
    </li>
  );
}
