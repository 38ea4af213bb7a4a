/** What a screen reader says by itself: what is new where one looks, in one sentence, and never a whole card. */
import { useContext, useEffect, useRef, useState } from "react";
import type { ConversationOnPage } from "../../slack/page-interface.ts";
import { type Reader, ReaderContext } from "../blocks/words.tsx";
import { TEXT } from "../texts.ts";

const AT_MOST = 160;

/** Messages of others, replies among them, that came since the conversation was opened. */
export function Announcer({ me, of }: { readonly me: string; readonly of: ConversationOnPage }) {
  const reader = useContext(ReaderContext);
  const [said, setSaid] = useState("");
  const heard = useRef<{ readonly key: string; readonly ts: string }>({ key: "", ts: "" });
  const key = `${me} ${of.id}`;
  useEffect(() => {
    const all = of.messages.flatMap((message) => [message, ...message.replies]);
    const newest =
      all
        .map(({ ts }) => ts)
        .toSorted()
        .at(-1) ?? "";
    const before = heard.current;
    if (before.key === key && newest <= before.ts) return;
    heard.current = { key, ts: newest };
    if (before.key !== key) return setSaid("");
    const fresh = all.filter((message) => message.ts > before.ts && message.user !== me).map((message) => message.text);
    if (fresh.length > 0) setSaid(TEXT.arrived(fresh.length, spoken(fresh.at(-1) ?? "", reader)));
  }, [key, me, of.messages, reader]);
  return (
    <p className="unseen" role="status" data-testid="announcer">
      {said}
    </p>
  );
}

/** As it is read out: names for ids, without marks, and not for minutes. */
function spoken(text: string, reader: Reader): string {
  const plain = text
    .replaceAll(/<@(\w+)[^>]*>/g, (_, user: string) => reader.nameOf(user))
    .replaceAll(/<[^|>]+\|([^>]+)>/g, "$1")
    .replaceAll(/[*~`<>]/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > AT_MOST ? `${plain.slice(0, AT_MOST)} …` : plain;
}
