/** On a phone the columns are panes, one at a time. */
import { TEXT } from "./texts.ts";

export type Pane = "switch" | "chat" | "timeline";

export function Panes(props: {
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
      {one("switch", TEXT.switchPane, props.unread)}
      {one("chat", TEXT.conversationPane)}
      {props.hasTimeline && one("timeline", TEXT.timeline)}
    </nav>
  );
}
