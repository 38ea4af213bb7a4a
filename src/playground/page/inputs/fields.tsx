/** Inputs that are typed into: text, numbers, addresses, dates and times. */
import type {
  Datepicker,
  DateTimepicker,
  EmailInput,
  NumberInput,
  PlainTextInput,
  RichTextInput,
  Timepicker,
  URLInput,
} from "@slack/types";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { TEXT } from "../texts.ts";
import { useConfirmation } from "./button.tsx";
import type { Named } from "./choose.tsx";
import { type Spot, useElements } from "./surface.ts";

type TextElement = PlainTextInput | EmailInput | NumberInput | URLInput | RichTextInput;
type DateElement = Datepicker | Timepicker | DateTimepicker;

/** A character-dispatching input tells the app after this pause, not at each key. */
const DISPATCH_AFTER_MS = 300;

interface Typing<Element> extends Named {
  readonly of: Element;
  readonly spot: Spot;
  /** The input block asks for `dispatch_action`. */
  readonly dispatches: boolean;
}

const aria = (named: Named) => ({
  id: named.id,
  "aria-label": named.label,
  "aria-describedby": named.describedBy,
  "aria-invalid": named.invalid ?? false,
});

export function TextField({ of, spot, dispatches, ...named }: Typing<TextElement>) {
  const surface = useElements();
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const timer = useRef<number | undefined>(undefined);
  const when = dispatches ? ("dispatch_action_config" in of && of.dispatch_action_config?.trigger_actions_on) || ["on_enter_pressed"] : [];
  const held = surface.valueOf(spot)?.typed;
  const text = typeof held === "string" ? held : "";
  const several = of.type === "rich_text_input" || (of.type === "plain_text_input" && of.multiline === true);
  useEffect(() => {
    if (named.focusFirst) field.current?.focus();
  }, [named.focusFirst]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const onChange = (typed: string) => {
    surface.type(spot, typed);
    if (!when.includes("on_character_entered")) return;
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void surface.change(spot, typed), DISPATCH_AFTER_MS);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || several || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    event.stopPropagation();
    void surface.change(spot, text);
  };
  const given = {
    ...aria(named),
    ref: field,
    className: "field",
    value: text,
    placeholder: of.placeholder?.text,
    autoComplete: "off",
    onKeyDown,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  const most = of.type === "plain_text_input" ? of.max_length : undefined;
  return (
    <div className="field-box">
      {several ? <textarea {...given} rows={4} /> : <input {...given} type={INPUT_TYPE[of.type]} inputMode={INPUT_MODE[of.type]} />}
      {most !== undefined && text.length > most * 0.8 && (
        <span className={text.length > most ? "counter over" : "counter"} aria-live="polite">
          {most - text.length}
        </span>
      )}
    </div>
  );
}

/** Numbers are plain text with a number pad: a browser's own number field swallows what is not a number, and Slack says so instead. */
const INPUT_TYPE = {
  plain_text_input: "text",
  rich_text_input: "text",
  number_input: "text",
  email_text_input: "email",
  url_text_input: "url",
} as const;
const INPUT_MODE = {
  plain_text_input: "text",
  rich_text_input: "text",
  number_input: "decimal",
  email_text_input: "email",
  url_text_input: "url",
} as const;

const DATE_TYPE = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" } as const;

export function DateField({ of, spot, ...named }: Typing<DateElement>) {
  const surface = useElements();
  const { ask, dialog } = useConfirmation(of.confirm);
  const field = useRef<HTMLInputElement>(null);
  const held = surface.valueOf(spot)?.typed;
  const typed = typeof held === "string" ? held : "";
  useEffect(() => {
    if (named.focusFirst) field.current?.focus();
  }, [named.focusFirst]);
  // What the server holds is put in only while nobody is typing, since half a date is no date.
  useEffect(() => {
    const input = field.current;
    if (input && document.activeElement !== input) input.value = fromSlack(of.type, typed);
  }, [of.type, typed]);

  const tell = async (shown: string) => {
    const value = toSlack(of.type, shown);
    if (value === (typed === "" ? null : typed)) return;
    if (await ask()) await surface.change(spot, value);
    else if (field.current) field.current.value = fromSlack(of.type, typed);
  };
  return (
    <div className="field-box">
      <input
        {...aria(named)}
        ref={field}
        className="field date"
        type={DATE_TYPE[of.type]}
        title={"placeholder" in of ? (of.placeholder?.text ?? TEXT.date) : TEXT.date}
        defaultValue={fromSlack(of.type, typed)}
        max={of.type === "datepicker" ? "9999-12-31" : undefined}
        onBlur={(event) => void tell(event.target.value)}
        onChange={(event) => {
          const { value } = event.target;
          // A year being typed passes through 0002 and 0020.
          if (value === "" || of.type === "timepicker" || !value.startsWith("0")) void tell(value);
        }}
      />
      {dialog}
    </div>
  );
}

/** Date with time travels as Unix seconds; shown in this browser's own zone, as Slack shows it in its device's. */
function fromSlack(type: DateElement["type"], typed: string): string {
  if (type !== "datetimepicker" || typed === "") return typed;
  const at = new Date(Number(typed) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toSlack(type: DateElement["type"], shown: string): string | null {
  if (shown === "") return null;
  return type === "datetimepicker" ? String(Math.floor(new Date(shown).getTime() / 1000)) : shown;
}
