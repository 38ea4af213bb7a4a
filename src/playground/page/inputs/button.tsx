/** Buttons, and the confirmation that any element may ask for first. */
import type { Button as ButtonElement, ConfirmationDialog } from "@slack/types";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { withEmoji } from "../blocks/emoji.ts";
import { Words } from "../blocks/words.tsx";
import { TEXT } from "../texts.ts";
import { type Spot, useElements } from "./surface.ts";

export function Button({ of, spot }: { readonly of: ButtonElement; readonly spot: Spot }) {
  const surface = useElements();
  const { ask, dialog } = useConfirmation(of.confirm);
  const busy = surface.isBusy(spot);
  const label = withEmoji(of.text.text);
  const press = async () => {
    if (busy || !(await ask())) return;
    if (of.url !== undefined && /^https?:/i.test(of.url)) window.open(of.url, "_blank", "noopener");
    await surface.click(spot);
  };
  return (
    <>
      <button
        type="button"
        className={`button ${of.style ?? "plain"}`}
        aria-label={of.accessibility_label}
        aria-disabled={busy}
        aria-busy={busy}
        onClick={() => void press()}
      >
        <span className="button-label">{label}</span>
        {busy && <span className="spinner" aria-hidden="true" />}
      </button>
      {dialog}
    </>
  );
}

/** `ask` resolves with true at once when there is nothing to confirm; `dialog` has to be drawn beside the element. */
export function useConfirmation(confirm: ConfirmationDialog | undefined): { ask: () => Promise<boolean>; dialog: ReactNode } {
  const [answer, setAnswer] = useState<((yes: boolean) => void) | null>(null);
  const ask = () => (confirm ? new Promise<boolean>((resolve) => setAnswer(() => resolve)) : Promise.resolve(true));
  const close = (yes: boolean) => {
    answer?.(yes);
    setAnswer(null);
  };
  return { ask, dialog: confirm && answer && <Confirmation of={confirm} onAnswer={close} /> };
}

function Confirmation({ of, onAnswer }: { readonly of: ConfirmationDialog; readonly onAnswer: (yes: boolean) => void }) {
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
      className="dialog confirm"
      data-testid="confirm"
      aria-label={of.title?.text}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onAnswer(false);
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 className="confirm-title">{of.title?.text}</h2>
      <Words of={of.text} />
      <div className="dialog-foot">
        <button type="button" className="button plain" onClick={() => onAnswer(false)}>
          {of.deny?.text ?? TEXT.cancel}
        </button>
        <button type="button" className={`button ${of.style === "danger" ? "danger solid" : "primary"}`} onClick={() => onAnswer(true)}>
          {of.confirm?.text ?? "OK"}
        </button>
      </div>
    </dialog>
  );
}
