/** A list that floats over everything, dialogs included: the browser's top layer, placed at an anchor. */
import { type RefObject, useLayoutEffect } from "react";

const GAP = 4;
const TALLEST = 320;

/** Shows `panel` (an element with `popover="manual"`) below the anchor, or above it where there is more room, while `open`. */
export function useFloating(
  open: boolean,
  anchor: RefObject<HTMLElement | null>,
  panel: RefObject<HTMLElement | null>,
  widest = 480,
): void {
  useLayoutEffect(() => {
    const at = anchor.current;
    const floating = panel.current;
    if (!open || !at || !floating) return;
    const place = () => {
      const box = at.getBoundingClientRect();
      const below = window.innerHeight - box.bottom - GAP * 2;
      const above = box.top - GAP * 2;
      const upwards = below < Math.min(TALLEST, 180) && above > below;
      const width = Math.min(Math.max(box.width, 220), widest, window.innerWidth - GAP * 4);
      floating.style.width = `${width}px`;
      floating.style.maxHeight = `${Math.min(TALLEST, upwards ? above : below)}px`;
      floating.style.left = `${Math.max(GAP * 2, Math.min(box.left, window.innerWidth - width - GAP * 2))}px`;
      floating.style.top = upwards ? "auto" : `${box.bottom + GAP}px`;
      floating.style.bottom = upwards ? `${window.innerHeight - box.top + GAP}px` : "auto";
    };
    floating.showPopover();
    place();
    window.addEventListener("resize", place);
    window.addEventListener("scroll", place, true);
    return () => {
      window.removeEventListener("resize", place);
      window.removeEventListener("scroll", place, true);
      if (floating.isConnected && floating.matches(":popover-open")) floating.hidePopover();
    };
  }, [open, anchor, panel, widest]);
}
