/** The modal in front: Slack shows the top of the stack alone. Its inputs' truth is the server's, so an app's update keeps what was typed. */
import type { KnownBlock } from "@slack/types";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ViewOnPage } from "../../slack/page-interface.ts";
import { Blocks } from "../blocks/blocks.tsx";
import { type Perform, SurfaceContext, useSurface } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";

export function Modals({ stack, perform }: { readonly stack: readonly ViewOnPage[]; readonly perform: Perform }) {
  const front = stack.at(-1);
  return front ? <Dialog front={front} depth={stack.length} perform={perform} /> : null;
}

interface Shown {
  readonly front: ViewOnPage;
  readonly depth: number;
  readonly perform: Perform;
}

function Dialog({ front, depth, perform }: Shown) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closing it, and not only removing it, gives the focus back to where it was.
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog modal"
      data-testid="modal"
      aria-labelledby="modal-title"
      onCancel={(event) => {
        event.preventDefault();
        void perform({ type: "close", view: front.id });
      }}
    >
      <View key={front.id} front={front} depth={depth} perform={perform} />
    </dialog>
  );
}

function View({ front, depth, perform }: Shown) {
  const surface = useSurface({ place: { view: front.id }, values: front.values, perform, where: "modal" });
  const [submitting, setSubmitting] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const complaints = Object.keys(front.errors).join(" ");
  const focusFirst = useRef(firstInput(front)).current;
  // The first field in error gets the focus, where the person goes on anyway.
  useEffect(() => {
    if (complaints === "" || submitting) return;
    form.current?.querySelector<HTMLElement>(".wrong :is(input, textarea, [tabindex])")?.focus();
  }, [complaints, submitting]);

  const submit = async () => {
    if (submitting || !front.submit) return;
    setSubmitting(true);
    setTrouble(null);
    const answer = await perform({ type: "submit", view: front.id, values: surface.untold() });
    setSubmitting(false);
    if (!answer.ok && answer.error !== "invalid_input") setTrouble(answer.seen);
  };
  const close = (all: boolean) => void perform({ type: "close", view: front.id, ...(all ? { all } : {}) });
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
          <button type="button" className="icon-button" aria-label={front.close?.text ?? TEXT.close} onClick={() => close(false)}>
            ←
          </button>
        )}
        <h2 id="modal-title">{front.title?.text}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={depth > 1 ? TEXT.closeAll : TEXT.closeWindow}
          title={depth > 1 ? TEXT.closeAll : TEXT.closeWindow}
          onClick={() => close(true)}
        >
          ×
        </button>
      </header>
      <div className="modal-body">
        <SurfaceContext value={surface}>
          <Blocks of={front.blocks} errors={front.errors} focusFirst={focusFirst} />
        </SurfaceContext>
      </div>
      <footer className="dialog-foot">
        <p className="trouble" role="alert">
          {trouble}
        </p>
        <button type="button" className="button plain" onClick={() => close(false)}>
          {front.close?.text ?? (front.submit ? TEXT.cancel : TEXT.close)}
        </button>
        {front.submit && (
          <button type="submit" className="button primary" aria-disabled={submitting} aria-busy={submitting}>
            <span className="button-label">{front.submit.text}</span>
            {submitting && <span className="spinner" aria-hidden="true" />}
          </button>
        )}
      </footer>
    </form>
  );
}

/** block_id of the input that asks for the focus, else of the first one. */
function firstInput(view: ViewOnPage): string | null {
  const blocks: readonly KnownBlock[] = view.blocks;
  const inputs = blocks.filter((block) => block.type === "input");
  const asked = inputs.find((block) => "focus_on_load" in block.element && block.element.focus_on_load === true);
  return (asked ?? inputs[0])?.block_id ?? null;
}
