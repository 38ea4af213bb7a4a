/** The app's Home tab. */
import { useEffect, useRef } from "react";
import type { Snapshot, ViewOnPage } from "../../slack/page-interface.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { type Perform, SurfaceContext, useSurface } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";

export function Home({ me, perform }: { readonly me: Snapshot; readonly perform: Perform }) {
  const tell = useRef(perform);
  tell.current = perform;
  // Opening the tab is an event of its own, on which the app draws it.
  const missing = me.home === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each person opens their own, and anew when a restarted server has none
  useEffect(() => void tell.current({ type: "home", tab: "home" }), [me.me.id, missing]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard
    <section className="home" data-testid="home" aria-label={TEXT.home} tabIndex={0}>
      <div className="home-inner">
        {me.home ? <View key={me.home.id} of={me.home} perform={perform} /> : <p className="empty">{TEXT.homeEmpty}</p>}
      </div>
    </section>
  );
}

function View({ of, perform }: { readonly of: ViewOnPage; readonly perform: Perform }) {
  const surface = useSurface({ place: { view: of.id }, values: of.values, perform, where: "home" });
  return (
    <SurfaceContext value={surface}>
      <Blocks of={of.blocks} />
    </SurfaceContext>
  );
}
