/** The modal in front: Slack shows the top of the stack alone. Its inputs' truth is the server's, so an app's update keeps what was typed. */
import type { KnownBlock } from "@slack/types";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ViewOnPage } from "../../slack/page-interface.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { type Perform, type Surface, SurfaceContext, useSurface } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";

export function Modals({ stack, perform }: { readonly stack: readonly ViewOnPage[]; readonly perform: Perform }) {
  /** Being closed: they vanish at once, and come back where the server can't be told. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const shown = stack.filter((view) => !left.has(view.id));
  const close = async (front: ViewOnPage, all: boolean) => {
    const going = (all ? stack : [front]).map((view) => view.id);
    setLeft((now) => new Set([...now, ...going]));
    await perform({ type: "close", view: front.id, ...(all ? { all } : {}) });
    setLeft((now) => new Set([...now].filter((id) => !going.includes(id))));
  };
  return shown.length > 0 ? <Dialog stack={shown} perform={perform} onClose={close} /> : null;
}

/** Views into which something was put: closing one of them by the way is asked about first. Slack doesn't ask, and it is missed there. */
const touched = new Set<string>();

interface Stacked {
  /** The one in front last; at least one. */
  readonly stack: readonly ViewOnPage[];
  readonly perform: Perform;
  readonly onClose: (front: ViewOnPage, all: boolean) => Promise<void>;
}

function Dialog({ stack, perform, onClose }: Stacked) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [asking, setAsking] = useState<"one" | "all" | null>(null);
  const front = stack.at(-1)!;
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closing it, and not only removing it, gives the focus back to where it was.
    return () => element?.close();
  }, []);
  const close = (all: boolean) => {
    setAsking(null);
    for (const view of all ? stack : [front]) touched.delete(view.id);
    void onClose(front, all);
  };
  const leave = (all: boolean) => {
    const loses = (all ? stack : [front]).some((view) => touched.has(view.id));
    if (loses) setAsking(all ? "all" : "one");
    else close(all);
  };
  return (
    <dialog
      ref={dialog}
      className="dialog modal"
      data-testid="modal"
      aria-labelledby="modal-title"
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        leave(false);
      }}
      onKeyDown={(event) => {
        // Not left to the browser: it closes a dialog at the second Escape, whatever the page says.
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        if (asking) setAsking(null);
        else leave(false);
      }}
    >
      <View
        key={front.id}
        front={front}
        depth={stack.length}
        perform={perform}
        asking={asking !== null}
        onLeave={leave}
        onClose={() => close(asking === "all")}
        onStay={() => setAsking(null)}
      />
    </dialog>
  );
}

interface Shown {
  readonly front: ViewOnPage;
  readonly depth: number;
  readonly perform: Perform;
  /** Whether to give up what was typed. */
  readonly asking: boolean;
  /** By the way: asks first where something would be lost. */
  readonly onLeave: (all: boolean) => void;
  readonly onClose: () => void;
  readonly onStay: () => void;
}

function View({ front, depth, perform, asking, onLeave, onClose, onStay }: Shown) {
  const own = useSurface({ place: { view: front.id }, values: front.values, perform, where: "modal" });
  const surface = noting(own, () => touched.add(front.id));
  const [submitting, setSubmitting] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const complaints = Object.keys(front.errors).join(" ");
  const first = firstInput(front);
  const focusFirst = useRef(first).current;
  const body = useRef<HTMLDivElement>(null);
  // An update that begins with another input is another page of the form: it is read from its top.
  const begins = useRef(first);
  useEffect(() => {
    if (begins.current !== first) body.current?.scrollTo({ top: 0 });
    begins.current = first;
  }, [first]);
  // The first field in error gets the focus, where the person goes on anyway.
  useEffect(() => {
    if (complaints === "" || submitting) return;
    const wrong = form.current?.querySelector<HTMLElement>(".wrong");
    wrong?.querySelector<HTMLElement>(":is(input, textarea, select, button, [tabindex])")?.focus({ preventScroll: true });
    // With its label and its complaint, which the focus alone would leave out of view in a low window.
    wrong?.scrollIntoView({ block: "nearest" });
  }, [complaints, submitting]);

  const submit = async () => {
    if (submitting || !front.submit) return;
    setSubmitting(true);
    setTrouble(null);
    const answer = await perform({ type: "submit", view: front.id, values: surface.untold() });
    setSubmitting(false);
    if (!answer.ok && answer.error !== "invalid_input") setTrouble(answer.seen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void submit();
  };

  return (
    <form
      ref={form}
      className="modal-form"
      noValidate
      aria-busy={submitting}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <header className="modal-head">
        {depth > 1 && (
          <button type="button" className="icon-button" aria-label={front.close?.text ?? TEXT.close} onClick={() => onLeave(false)}>
            ←
          </button>
        )}
        <h2 id="modal-title">{front.title?.text}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={depth > 1 ? TEXT.closeAll : TEXT.closeWindow}
          title={depth > 1 ? TEXT.closeAll : TEXT.closeWindow}
          onClick={() => onLeave(true)}
        >
          ×
        </button>
      </header>
      <div className="modal-body" ref={body}>
        <SurfaceContext value={surface}>
          <Blocks of={front.blocks} errors={front.errors} focusFirst={focusFirst} />
        </SurfaceContext>
      </div>
      {asking ? (
        <Asking onClose={onClose} onStay={onStay} />
      ) : (
        <footer className="dialog-foot">
          <p className="trouble" role="alert">
            {trouble}
          </p>
          <button type="button" className="button plain" onClick={() => onLeave(false)}>
            {front.close?.text ?? (front.submit ? TEXT.cancel : TEXT.close)}
          </button>
          {front.submit && (
            <button type="submit" className="button primary" aria-disabled={submitting} aria-busy={submitting}>
              <span className="button-label">{front.submit.text}</span>
              {submitting && <span className="spinner" aria-hidden="true" />}
            </button>
          )}
        </footer>
      )}
    </form>
  );
}

function Asking({ onClose, onStay }: { readonly onClose: () => void; readonly onStay: () => void }) {
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <div className="dialog-foot" role="alertdialog" aria-labelledby="modal-asking">
      <p id="modal-asking" className="asking">
        {TEXT.discardAsk}
      </p>
      <button ref={stay} type="button" className="button plain" onClick={onStay}>
        {TEXT.discardNot}
      </button>
      <button type="button" className="button danger solid" onClick={onClose}>
        {TEXT.discard}
      </button>
    </div>
  );
}

/** The same surface, which tells when something is put into it. */
const noting = (surface: Surface, note: () => void): Surface => ({
  ...surface,
  type: (spot, text) => {
    note();
    surface.type(spot, text);
  },
  change: (spot, typed, options) => {
    note();
    return surface.change(spot, typed, options);
  },
});

/** block_id of the input that asks for the focus, else of the first one. */
function firstInput(view: ViewOnPage): string | null {
  const blocks: readonly KnownBlock[] = view.blocks;
  const inputs = blocks.filter((block) => block.type === "input");
  const asked = inputs.find((block) => "focus_on_load" in block.element && block.element.focus_on_load === true);
  return (asked ?? inputs[0])?.block_id ?? null;
}
