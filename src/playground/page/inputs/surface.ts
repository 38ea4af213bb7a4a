/**
 * What a message, a modal or the App Home offers to the elements in it: what their inputs hold, and a way to use them. What a person
 * types stands here first and is told to the server shortly after; typed text wins over what a redraw brings, by block_id and action_id,
 * as in Slack.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Act, ActAnswer, OptionOnPage, Place, Typed, ValueOnPage, Values, ValuesOnPage } from "../../slack/page-interface.ts";

/** Block Kit's two ids of an element; the server has filled them in where the app left them out. */
export interface Spot {
  readonly block: string;
  readonly action: string;
}

export interface OptionGroup {
  readonly label: string | null;
  readonly options: readonly OptionOnPage[];
}

export interface Surface {
  valueOf(spot: Spot): ValueOnPage | undefined;
  /** Keeps what is being typed. */
  type(spot: Spot, text: string): void;
  /** A choice, or a text that the app wants to hear of. */
  change(spot: Spot, typed: Typed, options?: readonly OptionOnPage[]): Promise<void>;
  click(spot: Spot): Promise<void>;
  /** A choice that no input keeps: an overflow menu's. */
  choose(spot: Spot, value: string): Promise<void>;
  /** Options for what was typed; a sentence when the app did not answer. */
  suggest(spot: Spot, query: string): Promise<readonly OptionGroup[] | string>;
  /** The app is answering this element. */
  isBusy(spot: Spot): boolean;
  /** Why the last use of an element of this block came to nothing. */
  failureIn(block: string): string | undefined;
  /** Everything put in that the server may not know yet. */
  untold(): Values;
  readonly where: "message" | "modal" | "home";
}

export type Perform = (what: Act) => Promise<ActAnswer>;

const FILL_AFTER_MS = 250;
const keyOf = (spot: Spot) => JSON.stringify([spot.block, spot.action]);

type Drafts = { readonly [key: string]: { readonly spot: Spot; readonly typed: Typed; readonly options: readonly OptionOnPage[] } };

export function useSurface(given: { place: Place; values: ValuesOnPage; perform: Perform; where: Surface["where"] }): Surface {
  const { place, values, perform, where } = given;
  const [drafts, setDrafts] = useState<Drafts>({});
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<{ readonly block: string; readonly text: string } | null>(null);
  const latest = useRef({ drafts, place, perform });
  latest.current = { drafts: latest.current.drafts, place, perform };
  const fillTimer = useRef<number | undefined>(undefined);

  const draw = useCallback((change: (drafts: Drafts) => Drafts) => {
    latest.current.drafts = change(latest.current.drafts);
    setDrafts(latest.current.drafts);
  }, []);

  // An input that is gone takes what stood in it along, as in Slack.
  const alive = useMemo(
    () => new Set(Object.entries(values).flatMap(([block, actions]) => Object.keys(actions).map((action) => keyOf({ block, action })))),
    [values],
  );
  useEffect(() => {
    draw((now) => {
      const kept = Object.entries(now).filter(([key]) => alive.has(key));
      return kept.length === Object.keys(now).length ? now : Object.fromEntries(kept);
    });
  }, [alive, draw]);
  useEffect(() => () => window.clearTimeout(fillTimer.current), []);

  const untold = useCallback((): Values => {
    // What is told now need not be told again: a late "fill" would wipe the marks that a submission sets.
    window.clearTimeout(fillTimer.current);
    const told: { [block: string]: { [action: string]: Typed } } = {};
    for (const { spot, typed } of Object.values(latest.current.drafts)) {
      told[spot.block] = { ...told[spot.block], [spot.action]: typed };
    }
    return told;
  }, []);

  const using = useCallback(
    async (spot: Spot, what: (values: Values) => Act) => {
      const key = keyOf(spot);
      window.clearTimeout(fillTimer.current);
      setFailure(null);
      setBusy((now) => new Set(now).add(key));
      const answer = await latest.current.perform(what(untold()));
      setBusy((now) => new Set([...now].filter((each) => each !== key)));
      if (!answer.ok) setFailure({ block: spot.block, text: answer.seen });
    },
    [untold],
  );

  const type = useCallback(
    (spot: Spot, text: string) => {
      draw((now) => ({ ...now, [keyOf(spot)]: { spot, typed: text, options: [] } }));
      window.clearTimeout(fillTimer.current);
      fillTimer.current = window.setTimeout(() => {
        void latest.current.perform({ type: "fill", in: latest.current.place, values: untold() });
      }, FILL_AFTER_MS);
    },
    [draw, untold],
  );

  const change = useCallback(
    async (spot: Spot, typed: Typed, options: readonly OptionOnPage[] = []) => {
      const key = keyOf(spot);
      const draft = { spot, typed, options };
      draw((now) => ({ ...now, [key]: draft }));
      await using(spot, (told) => ({
        type: "change",
        in: latest.current.place,
        block_id: spot.block,
        action_id: spot.action,
        value: typed,
        values: told,
      }));
      // The server's word stands from here on, unless something else was put in meanwhile.
      draw((now) => (now[key] === draft ? Object.fromEntries(Object.entries(now).filter(([each]) => each !== key)) : now));
    },
    [draw, using],
  );

  const choose = useCallback(
    (spot: Spot, value: string) =>
      using(spot, (told) => ({
        type: "change",
        in: latest.current.place,
        block_id: spot.block,
        action_id: spot.action,
        value,
        values: told,
      })),
    [using],
  );

  const click = useCallback(
    (spot: Spot) =>
      using(spot, (told) => ({ type: "click", in: latest.current.place, block_id: spot.block, action_id: spot.action, values: told })),
    [using],
  );

  const suggest = useCallback(async (spot: Spot, query: string): Promise<readonly OptionGroup[] | string> => {
    const answer = await latest.current.perform({
      type: "suggest",
      in: latest.current.place,
      block_id: spot.block,
      action_id: spot.action,
      query,
    });
    if (!answer.ok) return answer.seen;
    if (answer.option_groups) return answer.option_groups.map((group) => ({ label: group.label.text, options: group.options }));
    return [{ label: null, options: answer.options ?? [] }];
  }, []);

  return {
    where,
    type,
    change,
    click,
    choose,
    suggest,
    untold,
    valueOf: ({ block, action }) => {
      const draft = drafts[keyOf({ block, action })];
      const known = values[block]?.[action];
      return draft && known ? { ...known, typed: draft.typed, options: draft.options } : known;
    },
    isBusy: (spot) => busy.has(keyOf(spot)),
    failureIn: (block) => (failure?.block === block ? failure.text : undefined),
  };
}

export const SurfaceContext = createContext<Surface | null>(null);

export function useElements(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("an element stands outside of every message and view");
  return surface;
}
