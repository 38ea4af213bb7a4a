/** Messages that were sent and are on their way: they stand at the list's end at once, until the server shows them itself. */
import { useCallback, useMemo, useState } from "react";
import type { MessageOnPage, PersonOnPage } from "../../slack/page-interface.ts";
import { Avatar } from "../people/avatar.tsx";
import { TEXT } from "../texts.ts";

export interface Pending {
  readonly id: number;
  readonly text: string;
  /** `ts` of the newest message when it was sent. */
  readonly since: string;
  readonly done: boolean;
}

let sent = 0;

/** `sending` shows a text as on its way; what it returns takes it away again. */
export function usePending(
  me: string,
  messages: readonly MessageOnPage[],
): { shown: readonly Pending[]; sending: (text: string) => () => void } {
  const [all, setAll] = useState<readonly Pending[]>([]);
  const newest = messages.at(-1)?.ts ?? "";
  const sending = useCallback(
    (text: string) => {
      sent += 1;
      const id = sent;
      setAll((now) => [...now, { id, text, since: now[0]?.since ?? newest, done: false }]);
      return () =>
        setAll((now) => {
          const marked = now.map((each) => (each.id === id ? { ...each, done: true } : each));
          return marked.every((each) => each.done) ? [] : marked;
        });
    },
    [newest],
  );
  const shown = useMemo(() => {
    const since = all[0]?.since ?? "";
    // The server's own are there already for the first of them.
    const arrived = all.length === 0 ? 0 : messages.filter((message) => message.user === me && message.ts > since).length;
    return all.slice(arrived).filter((each) => !each.done);
  }, [all, messages, me]);
  return { shown, sending };
}

export const OnItsWay = ({ of, me }: { readonly of: Pending; readonly me: PersonOnPage }) => (
  <div className="message on-its-way" aria-busy="true">
    <div className="message-side">
      <Avatar of={me} />
    </div>
    <div className="message-main">
      <div className="message-head">
        <strong>{me.real_name}</strong>
        <span className="quiet small">{TEXT.sending}</span>
      </div>
      <div className="rich">
        <div className="rich-section">{of.text}</div>
      </div>
    </div>
  </div>
);
