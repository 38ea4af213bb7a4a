/** Initials on a colour of the person's own. */
import type { PersonOnPage } from "../../slack/page-interface.ts";

export function Avatar({ of, size = "normal" }: { readonly of: PersonOnPage; readonly size?: "small" | "normal" | "large" }) {
  if (of.is_bot) {
    return (
      <span className={`avatar bot ${size}`} aria-hidden="true">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="6" cy="8" r="2.3" />
          <path d="M8.3 8H13M11.3 8v2" />
        </svg>
      </span>
    );
  }
  return (
    <span className={`avatar ${size}`} style={{ "--hue": hueOf(of.id) } as React.CSSProperties} aria-hidden="true">
      {of.initials}
    </span>
  );
}

/** Neighbouring ids get hues far apart: the golden angle. */
function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return Math.round((sum * 137.508) % 360);
}
