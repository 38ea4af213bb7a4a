/** One interactive element of Block Kit, by its type. */
import type { ActionsBlockElement, ContextActionsBlockElement, InputBlockElement, SectionBlockAccessory } from "@slack/types";
import { TEXT } from "../texts.ts";
import { Button } from "./button.tsx";
import { Choices } from "./choices.tsx";
import type { Named } from "./choose.tsx";
import { DateField, TextField } from "./fields.tsx";
import { Overflow, Select } from "./select.tsx";
import type { Spot } from "./surface.ts";

export type AnyElement = ActionsBlockElement | ContextActionsBlockElement | InputBlockElement | SectionBlockAccessory;

interface Placed extends Partial<Named> {
  readonly of: AnyElement;
  readonly block: string;
  readonly dispatches?: boolean;
  readonly optional?: boolean;
}

export function Element({ of, block, dispatches = false, optional = false, ...rest }: Placed) {
  const spot: Spot = { block, action: "action_id" in of ? (of.action_id ?? "") : "" };
  const named: Named = { ...rest, label: rest.label ?? ("placeholder" in of ? (of.placeholder?.text ?? of.type) : of.type) };
  switch (of.type) {
    case "button":
      return <Button of={of} spot={spot} />;
    case "overflow":
      return <Overflow of={of} spot={spot} />;
    case "static_select":
    case "external_select":
    case "users_select":
    case "channels_select":
    case "conversations_select":
    case "multi_static_select":
    case "multi_external_select":
    case "multi_users_select":
    case "multi_channels_select":
    case "multi_conversations_select":
      return <Select {...named} of={of} spot={spot} clearable={optional} />;
    case "plain_text_input":
    case "rich_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return <TextField {...named} of={of} spot={spot} dispatches={dispatches} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <DateField {...named} of={of} spot={spot} dispatches={dispatches} />;
    case "checkboxes":
    case "radio_buttons":
      return <Choices {...named} of={of} spot={spot} />;
    case "image":
      return "image_url" in of ? <img className="thumb" src={of.image_url} alt={of.alt_text} /> : null;
    case "workflow_button":
    case "file_input":
    case "feedback_buttons":
    case "icon_button":
      return <span className="not-here">{TEXT.notHere(of.type)}</span>;
  }
}
