/** Text as people read it: rich text blocks, and mrkdwn and plain_text after they were read into the same elements. */
import type { RichTextBlockElement, RichTextElement, TextObject } from "@slack/types";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { emojiNamed } from "./emoji.ts";
import { mrkdwn, plain } from "./mrkdwn.ts";
import { type Clockwork, slackDate } from "./slack-date.ts";

/** Names behind ids, and how dates are shown. */
export interface Reader extends Clockwork {
  readonly me: string;
  /** Milliseconds since 1970, by the playground's clock. */
  readonly now: () => number;
  readonly nameOf: (user: string) => string;
  readonly channelOf: (channel: string) => string;
}

export const ReaderContext = createContext<Reader>({
  me: "",
  tz: "UTC",
  locale: "en-GB",
  now: Date.now,
  nameOf: (id) => id,
  channelOf: (id) => id,
});

/** One text object of Block Kit. */
export function Words({ of }: { readonly of: TextObject }) {
  const { type, text } = of;
  const emoji = of.type === "plain_text" ? (of.emoji ?? true) : true;
  const elements = useMemo(() => (type === "mrkdwn" ? mrkdwn(text) : plain(text, emoji)), [type, text, emoji]);
  return <RichText elements={elements} />;
}

/** mrkdwn of a message without blocks, of a section's field ... */
export const Mrkdwn = ({ text }: { readonly text: string }) => <Words of={{ type: "mrkdwn", text }} />;

export function RichText({ elements }: { readonly elements: readonly RichTextBlockElement[] }) {
  return (
    <div className="rich">
      {elements.map((element, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
        <Part key={index} of={element} />
      ))}
    </div>
  );
}

function Part({ of }: { readonly of: RichTextBlockElement }) {
  switch (of.type) {
    case "rich_text_section":
      return (
        <div className="rich-section">
          <Inlines of={of.elements} />
        </div>
      );
    case "rich_text_quote":
      return (
        <blockquote className="rich-quote">
          <Inlines of={of.elements} />
        </blockquote>
      );
    case "rich_text_preformatted":
      return (
        <pre className="rich-pre">
          <Inlines of={of.elements} />
        </pre>
      );
    case "rich_text_list": {
      const items = of.elements.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the items of a list have no other identity
        <li key={index}>
          <Inlines of={item.elements} />
        </li>
      ));
      const indent = { marginInlineStart: `${(of.indent ?? 0) * 1.5}rem` };
      return of.style === "ordered" ? <ol style={indent}>{items}</ol> : <ul style={indent}>{items}</ul>;
    }
  }
}

const Inlines = ({ of }: { readonly of: readonly RichTextElement[] }) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: the words of a text have no other identity
  of.map((element, index) => <Inline key={index} of={element} />);

function Inline({ of }: { readonly of: RichTextElement }) {
  const reader = useContext(ReaderContext);
  switch (of.type) {
    case "text":
      return styled(of.style, of.text);
    case "emoji":
      return styled(of.style, <Emoji name={of.name} />);
    case "link":
      return styled(of.style, <Link to={of.url}>{of.text ?? of.url}</Link>);
    case "user":
      return styled(
        of.style,
        <span className={of.user_id === reader.me ? "mention mention-me" : "mention"}>@{reader.nameOf(of.user_id)}</span>,
      );
    case "channel":
      return styled(of.style, <span className="mention">#{reader.channelOf(of.channel_id)}</span>);
    case "usergroup":
      return styled(of.style, <span className="mention">{of.usergroup_id}</span>);
    case "team":
      return styled(of.style, <span className="mention">{of.team_id}</span>);
    case "broadcast":
      return <span className="mention mention-me">@{of.range}</span>;
    case "color":
      return styled(of.style, of.value);
    case "date": {
      const text = slackDate(of.timestamp, of.format, { ...reader, now: reader.now() });
      const time = <time dateTime={new Date(of.timestamp * 1000).toISOString()}>{text}</time>;
      return of.url === undefined ? styled(of.style, time) : <Link to={of.url}>{time}</Link>;
    }
  }
}

const Emoji = ({ name }: { readonly name: string }) => {
  const character = emojiNamed(name);
  return character === undefined ? `:${name}:` : <span className="emoji">{character}</span>;
};

/** Opens beside the playground, and only what is a web or mail address. */
export function Link({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  if (!/^(https?|mailto):/i.test(to)) return children;
  return (
    <a href={to} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

function styled(style: { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean } | undefined, inner: ReactNode): ReactNode {
  if (!style) return inner;
  let shown = inner;
  if (style.code) shown = <code>{shown}</code>;
  if (style.strike) shown = <s>{shown}</s>;
  if (style.italic) shown = <em>{shown}</em>;
  return style.bold ? <strong>{shown}</strong> : shown;
}
