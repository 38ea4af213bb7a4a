/**
 * Makes README's animated walk: `npx tsx docs/walk.ts [folder]` writes walk.gif. Four people, each in a window of their own: Anna asks, Ines
 * approves, Lena claims and confirms, Tom sees that it is taken, and Anna is told. Every frame is a picture of Latchkey's playground as it is
 * then; only the caption and the pointer are drawn over it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import gifenc from "gifenc";
import type { Locator, Page } from "playwright-core";
import { decode, type Picture, paletteOf } from "./palette.ts";
import { buttonOf, cardWith, choose, FOLDER, modalOf, openAs, showChannel, withPlayground } from "./playground.ts";

const SIZE = { width: 960, height: 600 };
/** Bytes; more is a nuisance on the move. */
const LARGEST = 2_000_000;
/** Milliseconds: to read a card by, to follow a pointer by, and between two words that are typed. */
const READ = 1_800;
const LOOK = 700;
const BEAT = 130;

interface Frame {
  readonly picture: Picture;
  /** How long it stands, in milliseconds. */
  readonly delay: number;
}
const frames: Frame[] = [];

/** The caption stands where the playground's own guide is, which is hidden. */
const STAGE = `
  #page { padding-top: 44px; }
  .app { height: calc(100dvh - 44px) !important; }
  .app > .guide, .timeline-show { display: none !important; }
  .app { grid-template-columns: 232px minmax(0, 1fr) 0 !important; }
  #caption { position: fixed; inset: 0 0 auto; z-index: 99; display: flex; align-items: center; gap: 12px; height: 44px; padding: 0 20px;
    background: #0f766e; color: #fff; font: 600 17px system-ui, sans-serif; pointer-events: none; }
  #caption span { opacity: .75; } #caption b { font-weight: 700; opacity: 1; }
  #pointer { position: fixed; z-index: 100; width: 22px; height: 22px; pointer-events: none; }`;
const ARROW = `<svg viewBox="0 0 22 22"><path d="M4 2v15l4-4 3 7 3-1-3-7h6z" fill="#111" stroke="#fff" stroke-width="1.4"/></svg>`;
const STEPS = ["Anna asks", "Ines approves", "Lena claims", "Tom sees it", "Lena confirms", "Anna has it"];

/** Puts the caption over the page, where it stays until the next one. */
async function caption(page: Page, step: number): Promise<void> {
  const words = STEPS.map((each, index) => (index === step ? `<b>${each}</b>` : `<span>${each}</span>`)).join("<span>›</span>");
  await page.evaluate(
    `document.querySelector("#caption")?.remove();
     document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(`<div id="caption">${words}</div>`)});`,
  );
}

async function shoot(page: Page, delay: number): Promise<void> {
  const picture = decode(await page.screenshot({ animations: "disabled", caret: "hide" }));
  frames.push({ picture, delay });
}

/** The pointer goes there, is seen, and presses. */
async function press(page: Page, target: Locator): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  await target.hover();
  const box = await target.boundingBox();
  if (!box) throw new Error("there is nothing to press");
  const at = `left:${Math.round(box.x + box.width * 0.82)}px;top:${Math.round(box.y + box.height * 0.6)}px`;
  // In the dialog where one is open: nothing else is above it.
  await page.evaluate(
    `(document.querySelector("dialog[open]") ?? document.body).insertAdjacentHTML("beforeend", ${JSON.stringify(`<div id="pointer" style="${at}">${ARROW}</div>`)})`,
  );
  await shoot(page, LOOK);
  await page.evaluate(`document.querySelector("#pointer").remove()`);
  await target.click();
}

/** Word by word, as somebody types. */
async function write(page: Page, field: Locator, text: string): Promise<void> {
  const words = text.split(" ");
  for (let count = 1; count <= words.length; count += 1) {
    await field.fill(words.slice(0, count).join(" "));
    await shoot(page, BEAT);
  }
}

await withPlayground(async (browser, url) => {
  const enter = async (name: string) => {
    const page = await openAs(browser, url, name, { viewport: SIZE, reducedMotion: "reduce" });
    await page.addStyleTag({ content: STAGE });
    return page;
  };
  const anna = await enter("Anna Lindqvist");
  await caption(anna, 0);
  await shoot(anna, LOOK);
  await write(anna, anna.getByTestId("composer"), "/request-access salesforce");
  await anna.keyboard.press("Enter");
  const form = modalOf(anna);
  await form.getByRole("checkbox", { name: "Report builder" }).check();
  await shoot(anna, LOOK);
  const why = form.getByLabel("Why do you need it?");
  await why.scrollIntoViewIfNeeded();
  await write(anna, why, "I take over the DACH accounts on Monday.");
  await choose(anna, "Sales region", "EMEA");
  await press(anna, buttonOf(form, "Send request"));
  await form.waitFor({ state: "detached" });
  await cardWith(anna, "Waiting for approval").waitFor();
  await shoot(anna, READ);

  const ines = await enter("Ines Moreau");
  await caption(ines, 1);
  const decision = cardWith(ines, "DACH");
  await buttonOf(decision, "Approve").waitFor();
  await shoot(ines, READ);
  await press(ines, buttonOf(decision, "Approve"));
  await decision.getByText("Approved by Ines Moreau").first().waitFor();
  await shoot(ines, READ);

  const lena = await enter("Lena Vogt");
  await caption(lena, 2);
  await showChannel(lena, "salesforce-admins");
  const work = cardWith(lena, "Create an account in Salesforce");
  await buttonOf(work, "Claim").waitFor();
  await work
    .getByRole("heading")
    .first()
    .evaluate((heading) => heading.scrollIntoView({ block: "start" }));
  await shoot(lena, READ);
  await press(lena, buttonOf(work, "Claim"));
  await buttonOf(work, "Confirm done").waitFor();
  await shoot(lena, LOOK);

  const tom = await enter("Tom Fischer");
  await caption(tom, 3);
  await showChannel(tom, "salesforce-admins");
  await cardWith(tom, "Lena Vogt has been on it").getByText("Lena Vogt has been on it").scrollIntoViewIfNeeded();
  await shoot(tom, READ);

  await caption(lena, 4);
  await press(lena, buttonOf(work, "Confirm done"));
  await press(lena, buttonOf(modalOf(lena), "Confirm done"));
  await modalOf(lena).waitFor({ state: "detached" });
  await cardWith(lena, "Done by").waitFor();
  await shoot(lena, READ);

  await caption(anna, 5);
  await cardWith(anna, "is complete").scrollIntoViewIfNeeded();
  await shoot(anna, READ * 2);
});

const bytes = encoded(frames);
const seconds = frames.reduce((sum, { delay }) => sum + delay, 0) / 1000;
if (bytes.length > LARGEST) throw new Error(`walk.gif has ${bytes.length} bytes; at most ${LARGEST} are wanted`);
writeFileSync(join(FOLDER, "walk.gif"), bytes);
process.stdout.write(`walk.gif  ${Math.round(bytes.length / 1000)} kB, ${frames.length} frames, ${seconds.toFixed(1)} s\n`);

/** One palette for all frames; of each frame only what differs from the one before is written, the rest is seen through. */
function encoded(all: readonly Frame[]): Uint8Array {
  const { colours, indexOf } = paletteOf(
    all.map(({ picture }) => picture),
    255,
  );
  const clear = colours.length;
  const palette = [...colours, 0].map((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  const gif = gifenc.GIFEncoder();
  let before: Uint8Array | null = null;
  for (const { picture, delay } of all) {
    const index = Uint8Array.from(picture.pixels, indexOf);
    const shown = before === null ? index : index.map((colour, at) => (colour === before?.[at] ? clear : colour));
    const first = before === null;
    gif.writeFrame(shown, picture.width, picture.height, {
      ...(first ? { palette, repeat: 0 } : { transparent: true, transparentIndex: clear, dispose: 1 }),
      delay,
    });
    before = index;
  }
  gif.finish();
  return gif.bytes();
}
