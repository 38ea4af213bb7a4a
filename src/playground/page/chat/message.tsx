/** One message, drawn from the blocks as they were sent; redrawn in place when the app edits it. */
import { type ReactNode, useContext, useState } from "react";
import type { MessageOnPage, PersonOnPage } from "../../slack/page-interface.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { clockTime, dayAndTime, timeBelow } from "../blocks/slack-date.ts";
import { Mrkdwn, ReaderContext } from "../blocks/words.tsx";
import { type Perform, SurfaceContext, useSurface } from "../inputs/surface.ts";
import { Avatar } from "../people/avatar.tsx";
import { TEXT } from "../texts.ts";

interface Showing {
  readonly of: MessageOnPage;
  readonly author: PersonOnPage | undefined;
  readonly perform: Perform;
  /** The same author said the message above a moment ago. */
  readonly follows?: boolean;
  /** Where no rule says which day it is: the time names it, unless it is today. */
  readonly dated?: boolean;
  /** It stands below a message of this time, in milliseconds: the time names the day, unless it is the same one. */
  readonly below?: number;
  readonly children?: ReactNode;
}

export function Message({ of, author, perform, follows = false, dated = false, below, children }: Showing) {
  const reader = useContext(ReaderContext);
  const surface = useSurface({ place: { channel: of.channel, message: of.ts }, values: of.values, perform, where: "message" });
  const [dismissed, setDismissed] = useState(false);
  const at = Number(of.ts) * 1000;
  const iso = new Date(at).toISOString();
  const time = below !== undefined ? timeBelow(at, below, reader) : dated ? dayAndTime(at, reader) : clockTime(at, reader);
  const name = author?.real_name ?? (of.user === "USLACKBOT" ? "Slackbot" : of.user);
  const dismiss = async () => {
    setDismissed(true);
    const answer = await perform({ type: "dismiss", channel: of.channel, message: of.ts });
    if (!answer.ok) setDismissed(false);
  };
  if (dismissed) return null;
  return (
    <article
      className={`message ${follows ? "follows" : ""} ${of.ephemeral ? "ephemeral" : ""}`}
      data-testid="message"
      data-ts={of.ts}
      aria-label={`${name}, ${time}`}
      tabIndex={-1}
    >
      <div className="message-side">
        {follows ? (
          <time className="message-hover-time" dateTime={iso}>
            {time}
          </time>
        ) : author ? (
          <Avatar of={author} />
        ) : (
          <span className="avatar normal system" aria-hidden="true">
            i
          </span>
        )}
      </div>
      <div className="message-main">
        {of.ephemeral && (
          <div className="only-you">
            <span aria-hidden="true">◉ </span>
            {TEXT.onlyYou}
            <button type="button" className="link-button" aria-label={TEXT.dismiss} onClick={() => void dismiss()}>
              Dismiss
            </button>
          </div>
        )}
        {!follows && (
          <div className="message-head">
            <strong>{name}</strong>
            {of.from_app && <span className="tag">{TEXT.appTag}</span>}
            <time className="quiet small" dateTime={iso}>
              {time}
            </time>
          </div>
        )}
        <SurfaceContext value={surface}>
          {of.blocks.length > 0 ? <Blocks of={of.blocks} /> : <Mrkdwn text={of.text} />}
          {of.attachments.map((attachment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: attachments have no other identity
            <div key={index} className="attachment" style={{ borderColor: colorOf(attachment.color) }}>
              {attachment.blocks ? <Blocks of={attachment.blocks} /> : <Mrkdwn text={attachment.text ?? attachment.fallback ?? ""} />}
            </div>
          ))}
        </SurfaceContext>
        {of.edited && <span className="edited">{TEXT.edited}</span>}
        {children}
      </div>
    </article>
  );
}

const colorOf = (color: string | undefined) => (color && /^#?[0-9a-f]{3,8}$/i.test(color) ? `#${color.replace("#", "")}` : undefined);
