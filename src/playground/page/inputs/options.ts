/** The options of a select, as one types: filtered from a list, or asked of the app. */
import { useEffect, useRef, useState } from "react";
import { TEXT } from "../texts.ts";
import type { OptionGroup } from "./surface.ts";

/** Where options come from. `least`: characters to type before the app is asked. */
export type Source =
  | { readonly from: "list"; readonly groups: readonly OptionGroup[] }
  | { readonly from: "app"; readonly least: number; readonly ask: (query: string) => Promise<readonly OptionGroup[] | string> };

const ASK_AFTER_MS = 120;

/** The options to show for a query, and a sentence in their place while there are none. */
export function useOptions(source: Source, open: boolean, query: string): { groups: readonly OptionGroup[]; note: string | null } {
  const [asked, setAsked] = useState<{ readonly query: string; readonly answer: readonly OptionGroup[] | string } | null>(null);
  const ask = useRef(source);
  ask.current = source;
  const from = source.from;
  const least = source.from === "app" ? source.least : 0;
  useEffect(() => {
    if (!open) return setAsked(null);
    if (from !== "app" || query.length < least) return;
    let stale = false;
    const timer = window.setTimeout(
      async () => {
        const answer = ask.current.from === "app" ? await ask.current.ask(query) : [];
        if (!stale) setAsked({ query, answer });
      },
      query === "" ? 0 : ASK_AFTER_MS,
    );
    return () => {
      stale = true;
      window.clearTimeout(timer);
    };
  }, [open, query, from, least]);

  if (source.from === "list") {
    const wanted = query.trim().toLowerCase();
    const groups = source.groups.map((group) => ({
      ...group,
      options: group.options.filter((option) => `${option.text.text} ${option.description?.text ?? ""}`.toLowerCase().includes(wanted)),
    }));
    return { groups, note: groups.some((group) => group.options.length > 0) ? null : TEXT.nothingFound(query) };
  }
  if (query.length < least) return { groups: [], note: TEXT.typeMore(least) };
  if (typeof asked?.answer === "string") return { groups: [], note: asked.answer };
  // While the app is asked anew the former answer stays, so that nothing jumps.
  const groups = asked?.answer ?? [];
  if (groups.some((group) => group.options.length > 0)) return { groups, note: null };
  return { groups: [], note: asked?.query === query ? TEXT.nothingFound(query) : TEXT.searching };
}
