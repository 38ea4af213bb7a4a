/** What time it is in the playground, and the ways to move it on: reminders and deadlines can be watched without waiting for them. */
import { useId, useRef, useState } from "react";
import type { ClockMove } from "./live/api.ts";
import { type Clock, useEvery } from "./live/clock.ts";
import { TEXT } from "./texts.ts";

const MOVES: readonly ClockMove[] = ["hour", "working-hours", "working-day", "working-days", "week"];
const HOUR_MS = 3_600_000;
/** Often enough for a clock that shows minutes. */
const TURN_MS = 5_000;

export function ClockControl({ clock }: { readonly clock: Clock }) {
  useEvery(TURN_MS);
  const [open, setOpen] = useState(false);
  const [moving, setMoving] = useState<ClockMove | null>(null);
  const [trouble, setTrouble] = useState(false);
  const [moved, setMoved] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const move = async (by: ClockMove) => {
    if (moving) return;
    setMoving(by);
    const done = await clock.move(by);
    setTrouble(!done);
    setMoved(done);
    setMoving(null);
  };
  return (
    <section
      className="clock"
      data-testid="clock"
      aria-label={TEXT.clock}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
    >
      <p className="unseen" role="status">
        {moved ? TEXT.clockMoved(shownTime(clock)) : ""}
      </p>
      {open && (
        <div id={panelId} className="clock-moves">
          <p className="quiet small">{TEXT.clockHint}</p>
          {MOVES.map((by) => (
            <button
              key={by}
              type="button"
              className="button plain"
              aria-busy={moving === by}
              disabled={moving !== null && moving !== by}
              onClick={() => void move(by)}
            >
              {TEXT.clockMoves[by]}
            </button>
          ))}
          {trouble && (
            <p className="trouble" role="alert">
              {TEXT.clockTrouble}
            </p>
          )}
        </div>
      )}
      <button
        ref={button}
        type="button"
        className="clock-now"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className="clock-time">
          <span className="unseen">{TEXT.clock}: </span>
          {shownTime(clock)}
        </span>
        <span className="quiet small">{moving ? TEXT.clockMoving : aheadOf(clock)}</span>
        <span className="chevron" aria-hidden="true" />
      </button>
    </section>
  );
}

/** `Tue 24 Nov 2026, 10:12`, in the clock's own zone. */
function shownTime(clock: Clock): string {
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: clock.zone, ...options }).format(clock.now());
  const day = show({ weekday: "short", day: "numeric", month: "short", year: "numeric" }).replaceAll(",", "");
  return `${day}, ${show({ hour: "2-digit", minute: "2-digit" })}`;
}

function aheadOf(clock: Clock): string {
  if (clock.workingDays > 0) return TEXT.clockWorkingDays(clock.workingDays);
  const hours = Math.round(clock.ahead / HOUR_MS);
  return hours > 0 ? TEXT.clockHours(hours) : TEXT.clockReal(clock.zone);
}
