/** One combobox for every kind of select: single or several, a given list or the app's type-ahead. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { OptionOnPage } from "../../slack/page-interface.ts";
import { withEmoji } from "../blocks/emoji.ts";
import { Words } from "../blocks/words.tsx";
import { TEXT } from "../texts.ts";
import { useFloating } from "./floating.ts";
import { type Source, useOptions } from "./options.ts";
import type { OptionGroup } from "./surface.ts";

export interface Named {
  readonly label: string;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  readonly focusFirst?: boolean;
}

interface Choosing extends Named {
  readonly source: Source;
  readonly chosen: readonly OptionOnPage[];
  readonly several: boolean;
  readonly most?: number | undefined;
  /** One may choose nothing again. */
  readonly clearable: boolean;
  readonly placeholder: string;
  readonly onChoose: (options: readonly OptionOnPage[]) => void;
}

export function Choose(props: Choosing) {
  const { source, chosen, several, onChoose } = props;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const anchor = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { groups, note } = useOptions(source, open, query);
  const shown = groups.flatMap((group) => group.options);
  useFloating(open, anchor, panel);
  useEffect(() => {
    if (props.focusFirst) input.current?.focus();
  }, [props.focusFirst]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query or other options start at the top again
  useEffect(() => setActive(0), [query, shown.length]);
  useEffect(() => {
    if (open) panel.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [open, active]);

  const isChosen = (option: OptionOnPage) => chosen.some((each) => each.value === option.value);
  const full = several && props.most !== undefined && chosen.length >= props.most;
  const close = () => {
    setOpen(false);
    setQuery("");
  };
  const choose = (option: OptionOnPage) => {
    if (!several) {
      onChoose([option]);
      return close();
    }
    if (isChosen(option)) onChoose(chosen.filter((each) => each.value !== option.value));
    else if (!full) onChoose([...chosen, option]);
    setQuery("");
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (shown.length === 0 ? 0 : (now + step + shown.length) % shown.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.metaKey || event.ctrlKey) return; // submits the modal
      event.stopPropagation();
      const option = shown[active];
      if (!open) setOpen(true);
      else if (option) choose(option);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      close();
    } else if (event.key === "Backspace" && query === "" && several && chosen.length > 0) {
      onChoose(chosen.slice(0, -1));
    }
  };

  const single = several ? undefined : chosen[0];
  const hint = (several ? chosen.length > 0 : single !== undefined) ? "" : props.placeholder;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving the whole control closes its list; keys are the input's
    <div
      className="choose"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: a larger target for the input inside */}
      <div
        ref={anchor}
        className={`choose-box ${open ? "open" : ""} ${props.invalid ? "invalid" : ""}`}
        onClick={() => {
          input.current?.focus();
          setOpen(true);
        }}
      >
        {several &&
          chosen.map((option) => (
            <span className="chip" key={option.value}>
              {withEmoji(option.text.text)}
              <button
                type="button"
                className="chip-remove"
                aria-label={TEXT.remove(option.text.text)}
                onClick={(event) => {
                  event.stopPropagation();
                  onChoose(chosen.filter((each) => each.value !== option.value));
                }}
              >
                ×
              </button>
            </span>
          ))}
        <input
          ref={input}
          id={props.id}
          className={single ? "choose-input has-choice" : "choose-input"}
          role="combobox"
          aria-label={props.label}
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={open && shown[active] ? `${listId}-${active}` : undefined}
          aria-describedby={props.describedBy}
          aria-invalid={props.invalid}
          autoComplete="off"
          spellCheck={false}
          placeholder={single && open ? withEmoji(single.text.text) : hint}
          value={!open && single ? withEmoji(single.text.text) : query}
          onChange={(event) => {
            setOpen(true);
            setQuery(!open && single ? event.target.value.replace(withEmoji(single.text.text), "") : event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        {props.clearable && single && (
          <button
            type="button"
            className="icon-button small"
            aria-label={TEXT.clear}
            onClick={(event) => {
              event.stopPropagation();
              onChoose([]);
            }}
          >
            ×
          </button>
        )}
        <span className="chevron" aria-hidden="true" />
      </div>
      <div ref={panel} popover="manual" className="menu">
        {open && note !== null && (
          <div className="menu-note" role="status">
            {note}
          </div>
        )}
        <div role="listbox" id={listId} aria-label={props.label} aria-multiselectable={several}>
          {open && <Groups groups={groups} active={active} listId={listId} isChosen={isChosen} onChoose={choose} onHover={setActive} />}
        </div>
      </div>
    </div>
  );
}

function Groups(props: {
  readonly groups: readonly OptionGroup[];
  readonly active: number;
  readonly listId: string;
  readonly isChosen: (option: OptionOnPage) => boolean;
  readonly onChoose: (option: OptionOnPage) => void;
  readonly onHover: (index: number) => void;
}) {
  let index = -1;
  return props.groups.map((group) => (
    // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own outside of select
    <div key={group.label ?? ""} role="group" aria-label={group.label ?? undefined}>
      {group.label !== null && group.options.length > 0 && (
        <div className="menu-group" aria-hidden="true">
          {group.label}
        </div>
      )}
      {group.options.map((option) => {
        index += 1;
        const at = index;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the focus and takes the keys
          <div
            key={option.value}
            id={`${props.listId}-${at}`}
            data-index={at}
            role="option"
            tabIndex={-1}
            aria-selected={props.isChosen(option)}
            className={at === props.active ? "menu-item active" : "menu-item"}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => props.onHover(at)}
            onClick={() => props.onChoose(option)}
          >
            <span className="menu-item-text">
              <Words of={option.text} />
              {option.description && (
                <span className="menu-item-more">
                  <Words of={option.description} />
                </span>
              )}
            </span>
            {props.isChosen(option) && (
              <span className="menu-check" aria-hidden="true">
                ✓
              </span>
            )}
          </div>
        );
      })}
    </div>
  ));
}
