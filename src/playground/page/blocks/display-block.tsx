/** Blocks that only show something, drawn by slack-blocks-to-jsx; loaded when the first of them appears. */
import type { KnownBlock } from "@slack/types";
import { useContext } from "react";
import { Message, type Block as RenderedBlock } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import { useColours } from "../live/colours.ts";
import { WorkspaceContext } from "../live/workspace-context.ts";

export function DisplayBlock({ of }: { readonly of: KnownBlock }) {
  const { people, conversations } = useContext(WorkspaceContext);
  const { isDark } = useColours();
  return (
    <Message
      withoutWrapper
      theme={isDark ? "dark" : "light"}
      name=""
      logo=""
      // Its types stand apart from Slack's own, which this block has been checked against.
      blocks={[of as unknown as RenderedBlock]}
      data={{
        users: people.map((person) => ({ id: person.id, name: person.real_name })),
        channels: conversations.map((conversation) => ({ id: conversation.id, name: conversation.name })),
      }}
    />
  );
}
