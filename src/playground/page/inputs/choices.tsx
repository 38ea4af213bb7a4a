/** Checkboxes and radio buttons. */
import type { Checkboxes, Option, RadioButtons } from "@slack/types";
import { useId } from "react";
import type { OptionOnPage } from "../../slack/page-interface.ts";
import { Words } from "../blocks/words.tsx";
import { useConfirmation } from "./button.tsx";
import type { Named } from "./choose.tsx";
import { type Spot, useElements } from "./surface.ts";

export function Choices({ of, spot, ...named }: Named & { readonly of: Checkboxes | RadioButtons; readonly spot: Spot }) {
  const surface = useElements();
  const { ask, dialog } = useConfirmation(of.confirm);
  const group = useId();
  const held = surface.valueOf(spot)?.typed ?? null;
  const chosen = held === null ? [] : typeof held === "string" ? [held] : held;
  const single = of.type === "radio_buttons";

  const choose = async (value: string, on: boolean) => {
    if (!(await ask())) return;
    const values = single ? [value] : of.options.map(idOf).filter((each) => (each === value ? on : chosen.includes(each)));
    const options = of.options.filter((option) => values.includes(idOf(option))).map(asOption);
    await surface.change(spot, single ? value : values, options);
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a fieldset's legend can't be the block's label
    <div
      id={named.id}
      role={single ? "radiogroup" : "group"}
      aria-label={named.label}
      aria-describedby={named.describedBy}
      className="choices"
      tabIndex={-1}
    >
      {of.options.map((option, index) => (
        <label key={idOf(option)} className="choice">
          <input
            type={single ? "radio" : "checkbox"}
            name={group}
            checked={chosen.includes(idOf(option))}
            // biome-ignore lint/a11y/noAutofocus: the app asked for it, and a modal's first field gets the focus
            autoFocus={named.focusFirst === true && index === 0}
            onChange={(event) => void choose(idOf(option), event.target.checked)}
          />
          <span className="choice-text">
            <Words of={option.text} />
            {option.description && (
              <span className="choice-more">
                <Words of={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
      {dialog}
    </div>
  );
}

const idOf = (option: Option) => option.value ?? "";

const asOption = (option: Option): OptionOnPage => ({ text: option.text, value: idOf(option) });
