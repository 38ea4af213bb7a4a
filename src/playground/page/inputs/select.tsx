/** Block Kit's ten selects, and the overflow menu. */
import type { MultiSelect, Overflow as OverflowElement, PlainTextOption, Select as SelectElement } from "@slack/types";
import { type KeyboardEvent, useContext, useEffect, useRef, useState } from "react";
import type { OptionOnPage, Snapshot, Typed } from "../../slack/page-interface.ts";
import { playable } from "../live/workspace.ts";
import { WorkspaceContext } from "../live/workspace-context.ts";
import { TEXT } from "../texts.ts";
import { useConfirmation } from "./button.tsx";
import { Choose, type Named } from "./choose.tsx";
import { useFloating } from "./floating.ts";
import type { Source } from "./options.ts";
import { type OptionGroup, type Spot, type Surface, useElements } from "./surface.ts";

/** Slack asks the app only from this many characters on, unless the element says otherwise (@slack/types, `min_query_length`). */
const LEAST_QUERY = 3;

interface Selecting extends Named {
  readonly of: SelectElement | MultiSelect;
  readonly spot: Spot;
  readonly clearable: boolean;
}

export function Select({ of, spot, clearable, ...named }: Selecting) {
  const surface = useElements();
  const workspace = useContext(WorkspaceContext);
  const { ask, dialog } = useConfirmation(of.confirm);
  const several = of.type.startsWith("multi_");
  const source = sourceOf(of, spot, surface, workspace);
  const chosen = chosenOf(surface.valueOf(spot), source);
  const choose = async (options: readonly OptionOnPage[]) => {
    if (!(await ask())) return;
    const typed: Typed = several ? options.map((option) => option.value) : (options[0]?.value ?? null);
    await surface.change(spot, typed, options);
  };
  return (
    <>
      <Choose
        {...named}
        source={source}
        chosen={chosen}
        several={several}
        most={"max_selected_items" in of ? of.max_selected_items : undefined}
        clearable={clearable}
        placeholder={of.placeholder?.text ?? (several ? TEXT.selectMany : TEXT.select)}
        onChoose={(options) => void choose(options)}
      />
      {dialog}
    </>
  );
}

function sourceOf(of: SelectElement | MultiSelect, spot: Spot, surface: Surface, workspace: Snapshot): Source {
  switch (of.type) {
    case "external_select":
    case "multi_external_select":
      return { from: "app", least: of.min_query_length ?? LEAST_QUERY, ask: (query) => surface.suggest(spot, query) };
    case "static_select":
    case "multi_static_select":
      return { from: "list", groups: groupsOf(of) };
    case "users_select":
    case "multi_users_select":
      return list(playable(workspace.people).map((person) => optionOf(person.id, person.real_name, person.title)));
    case "channels_select":
    case "multi_channels_select":
      return list(channelsOf(workspace, ["public"]));
    case "conversations_select":
    case "multi_conversations_select":
      return list(channelsOf(workspace, of.filter?.include ?? ["public", "private", "im"]));
  }
}

const list = (options: readonly OptionOnPage[]): Source => ({ from: "list", groups: [{ label: null, options }] });

const channelsOf = (workspace: Snapshot, kinds: readonly string[]) =>
  workspace.conversations
    .filter((conversation) => kinds.includes(conversation.kind))
    .map((conversation) => optionOf(conversation.id, conversation.kind === "im" ? conversation.name : `#${conversation.name}`, ""));

const optionOf = (value: string, text: string, more: string): OptionOnPage => ({
  value,
  text: { type: "plain_text", text },
  ...(more === "" ? {} : { description: { type: "plain_text", text: more } }),
});

function groupsOf(of: { options?: PlainTextOption[]; option_groups?: { label: { text: string }; options: PlainTextOption[] }[] }) {
  const groups: OptionGroup[] = (of.option_groups ?? []).map((group) => ({ label: group.label.text, options: asOptions(group.options) }));
  return of.options ? [{ label: null, options: asOptions(of.options) }, ...groups] : groups;
}

/** Options without a value exist only in overflow menus that merely open links. */
const asOptions = (options: readonly PlainTextOption[]): readonly OptionOnPage[] =>
  options.map((option) => ({
    value: option.value ?? "",
    text: option.text,
    ...(option.description ? { description: option.description } : {}),
  }));

function chosenOf(value: { typed: Typed; options: readonly OptionOnPage[] } | undefined, source: Source): readonly OptionOnPage[] {
  if (!value || value.typed === null) return [];
  if (value.options.length > 0) return value.options;
  // People and channels are told by id alone.
  const ids = typeof value.typed === "string" ? [value.typed] : value.typed;
  const known = source.from === "list" ? source.groups.flatMap((group) => group.options) : [];
  return ids.map((id) => known.find((option) => option.value === id) ?? optionOf(id, id, ""));
}

/** The menu behind three dots. */
export function Overflow({ of, spot }: { readonly of: OverflowElement; readonly spot: Spot }) {
  const surface = useElements();
  const { ask, dialog } = useConfirmation(of.confirm);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useFloating(open, button, menu, 280);
  useEffect(() => {
    if (open) menu.current?.querySelector("button")?.focus();
  }, [open]);
  const choose = async (value: string, url: string | undefined) => {
    setOpen(false);
    button.current?.focus();
    if (!(await ask())) return;
    if (url !== undefined && /^https?:/i.test(url)) window.open(url, "_blank", "noopener");
    await surface.choose(spot, value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(menu.current?.querySelectorAll("button") ?? [])];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      items[(items.indexOf(document.activeElement as HTMLButtonElement) + step + items.length) % items.length]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving the whole control closes its menu
    <span
      className="overflow"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="button plain square"
        aria-label={TEXT.moreActions}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={surface.isBusy(spot)}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      <div ref={menu} popover="manual" className="menu" role="menu" tabIndex={-1} onKeyDown={onKeyDown}>
        {open &&
          of.options.map((option) => (
            <button
              key={option.value ?? option.text.text}
              type="button"
              role="menuitem"
              className="menu-item"
              onClick={() => void choose(option.value ?? "", option.url)}
            >
              {option.text.text}
            </button>
          ))}
      </div>
      {dialog}
    </span>
  );
}
