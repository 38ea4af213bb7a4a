/** Block Kit as the app sent it. Text and everything one can use is drawn here; the rarer display blocks by slack-blocks-to-jsx. */
import type { ContextBlock, InputBlock, KnownBlock, SectionBlock } from "@slack/types";
import { lazy, Suspense, useId } from "react";
import { Element } from "../inputs/element.tsx";
import { useElements } from "../inputs/surface.ts";
import { TEXT } from "../texts.ts";
import { RichText, Words } from "./words.tsx";

const DisplayBlock = lazy(async () => ({ default: (await import("./display-block.tsx")).DisplayBlock }));

export interface BlocksGiven {
  readonly of: readonly KnownBlock[];
  /** block_id -> sentence under that input. */
  readonly errors?: { readonly [blockId: string]: string };
  /** block_id of the input that gets the focus first. */
  readonly focusFirst?: string | null;
}

export function Blocks({ of, errors = {}, focusFirst = null }: BlocksGiven) {
  return (
    <div className="blocks">
      {of.map((block, index) => (
        <Block
          key={block.block_id ?? index}
          of={block}
          error={errors[block.block_id ?? ""]}
          focusFirst={focusFirst !== null && block.block_id === focusFirst}
        />
      ))}
    </div>
  );
}

interface BlockGiven<Of> {
  readonly of: Of;
  readonly error?: string | undefined;
  readonly focusFirst?: boolean;
}

function Block({ of, error, focusFirst = false }: BlockGiven<KnownBlock>) {
  const id = of.block_id ?? "";
  switch (of.type) {
    case "section":
      return <Section of={of} />;
    case "header":
      return (
        <h3 className="block-header">
          <Words of={of.text} />
        </h3>
      );
    case "context":
      return <Context of={of} />;
    case "divider":
      return <hr className="block-divider" />;
    case "rich_text":
      return <RichText elements={of.elements} />;
    case "actions":
    case "context_actions":
      return (
        <div className="block-actions">
          <div className="actions-row">
            {of.elements.map((element, index) => (
              <Element key={element.action_id ?? index} of={element} block={id} />
            ))}
          </div>
          <Failure block={id} />
        </div>
      );
    case "input":
      return <Input of={of} error={error} focusFirst={focusFirst} />;
    case "image":
    case "markdown":
    case "table":
    case "data_table":
    case "video":
    case "file":
    case "alert":
    case "card":
    case "carousel":
    case "container":
    case "plan":
    case "task_card":
      return (
        <Suspense fallback={<div className="block-loading" />}>
          <DisplayBlock of={of} />
        </Suspense>
      );
  }
}

function Section({ of }: { readonly of: SectionBlock }) {
  const id = of.block_id ?? "";
  return (
    <div className="block-section">
      <div className="section-row">
        <div className="section-text">
          {of.text && <Words of={of.text} />}
          {of.fields && (
            <div className="section-fields">
              {of.fields.map((field, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: fields have no other identity
                <Words key={index} of={field} />
              ))}
            </div>
          )}
        </div>
        {of.accessory && (
          <div className="section-accessory">
            <Element of={of.accessory} block={id} {...(of.text ? { label: of.text.text } : {})} />
          </div>
        )}
      </div>
      <Failure block={id} />
    </div>
  );
}

const Context = ({ of }: { readonly of: ContextBlock }) => (
  <div className="block-context">
    {of.elements.map((element, index) =>
      element.type === "image" ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other identity
        "image_url" in element && <img key={index} className="context-image" src={element.image_url} alt={element.alt_text} />
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other identity
        <Words key={index} of={element} />
      ),
    )}
  </div>
);

function Input({ of, error, focusFirst = false }: BlockGiven<InputBlock>) {
  const id = useId();
  const block = of.block_id ?? "";
  const notes = [error !== undefined ? `${id}-error` : null, of.hint ? `${id}-hint` : null].filter((each) => each !== null);
  return (
    <div className={error === undefined ? "block-input" : "block-input wrong"} data-block={block}>
      <label className="input-label" htmlFor={id}>
        {of.label.text}
        {of.optional === true && <span className="input-optional"> {TEXT.optional}</span>}
      </label>
      <Element
        of={of.element}
        block={block}
        id={id}
        label={of.label.text}
        describedBy={notes.length > 0 ? notes.join(" ") : undefined}
        invalid={error !== undefined}
        dispatches={of.dispatch_action === true}
        optional={of.optional === true}
        focusFirst={focusFirst}
      />
      {error !== undefined && (
        <p className="input-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {of.hint && (
        <div className="input-hint" id={`${id}-hint`}>
          <Words of={of.hint} />
        </div>
      )}
      <Failure block={block} />
    </div>
  );
}

/** What Slack shows beside an element when the app did not answer. */
function Failure({ block }: { readonly block: string }) {
  const text = useElements().failureIn(block);
  return text === undefined ? null : (
    <p className="failure" role="alert">
      <span aria-hidden="true">⚠ </span>
      {text}
    </p>
  );
}
