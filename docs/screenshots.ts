/**
 * Makes the pictures of README and of the guides: `npx tsx docs/screenshots.ts [folder]`. Starts Latchkey in playground mode (playground.ts)
 * and lives the main job: ask, approve, claim, confirm, a rejection, and what an administrator sees when two days have gone by.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { withPalette } from "./palette.ts";
import { buttonOf, cardWith, choose, FOLDER, fillIn, modalOf, openAs, showChannel, submit, withPlayground } from "./playground.ts";

const NARROW = { width: 390, height: 844 };
/** Bytes; a page full of megabytes is read by nobody on the move. */
const LARGEST = 150_000;
/** Around a form that is cut out, in pixels; a card has room of its own. */
const MARGIN = 14;

const WHY = "I take over the DACH accounts from Lukas on Monday and need to see their history.";

interface Shot {
  /** Brought into view first. */
  readonly of?: Locator;
  /** What has to be read somewhere on the page first, so that cards and timeline have come to rest. */
  readonly once?: string;
}

/** The whole window. */
async function shoot(page: Page, name: string, { of, once }: Shot = {}): Promise<void> {
  if (once !== undefined) await page.getByText(once).last().waitFor();
  await of?.scrollIntoViewIfNeeded();
  await settle(page);
  write(name, await page.screenshot({ animations: "disabled", caret: "hide" }));
}

/** One card or form alone, in a window that is high enough for all of it. */
async function cut(page: Page, name: string, of: Locator): Promise<void> {
  const viewport = page.viewportSize();
  await page.setViewportSize({ width: 1_280, height: 1_400 });
  await settle(page);
  await of.scrollIntoViewIfNeeded();
  const box = await of.boundingBox();
  if (!box) throw new Error(`${name}: there is nothing to show`);
  const around = (await of.evaluate((element) => element.tagName)) === "DIALOG" ? MARGIN : 0;
  const clip = { x: box.x - around, y: box.y - around, width: box.width + 2 * around, height: box.height + 2 * around };
  write(name, await page.screenshot({ animations: "disabled", caret: "hide", clip }));
  if (viewport) await page.setViewportSize(viewport);
}

async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate("document.fonts.ready.then(() => document.activeElement?.blur())");
}

function write(name: string, screenshot: Buffer): void {
  const png = withPalette(screenshot);
  if (png.length > LARGEST) throw new Error(`${name}.png has ${png.length} bytes; at most ${LARGEST} are wanted`);
  writeFileSync(join(FOLDER, `${name}.png`), png);
  process.stdout.write(`${name}.png  ${Math.round(png.length / 1000)} kB\n`);
}

/** Anna asks for Salesforce, Ines approves, Lena does it by hand and confirms. */
async function liveTheJob(browser: Browser, url: string): Promise<void> {
  const anna = await openAs(browser, url, "Anna Lindqvist");
  await fillIn(anna, { words: "salesforce", item: "Report builder", why: WHY });
  await choose(anna, "Sales region", "EMEA");
  await modalOf(anna).getByLabel("Territory").fill("DACH");
  await modalOf(anna).getByRole("combobox", { name: "Application" }).scrollIntoViewIfNeeded();
  await shoot(anna, "request-form");
  await submit(anna, "Send request");
  await cut(anna, "card-waiting", cardWith(anna, "Waiting for approval"));

  const ines = await openAs(browser, url, "Ines Moreau");
  const approval = cardWith(ines, WHY);
  await buttonOf(approval, "Approve").waitFor();
  await shoot(ines, "approval-card", { of: approval, once: "Anna Lindqvist asked for" });
  await buttonOf(approval, "Approve").click();
  await ines.getByText("Approved by Ines Moreau").first().waitFor();

  const lena = await openAs(browser, url, "Lena Vogt");
  await showChannel(lena, "salesforce-admins");
  const order = cardWith(lena, "Create an account in Salesforce");
  await buttonOf(order, "Claim").waitFor();
  await cut(lena, "order-card", order);
  await buttonOf(order, "Claim").click();
  await buttonOf(order, "Confirm done").waitFor();
  await shoot(lena, "order-card-claimed", { of: order, once: "Lena Vogt claimed the task" });
  await buttonOf(order, "Confirm done").click();
  await modalOf(lena).getByRole("textbox").waitFor();
  await cut(lena, "confirm-form", modalOf(lena));
  await submit(lena, "Confirm done");

  await cardWith(anna, "Request 1 is complete").waitFor();
  await shoot(anna, "request-complete", { of: cardWith(anna, "Request 1 is complete"), once: "Lena Vogt confirmed it is done" });
}

/** Anna asks for Jira, and Ines rejects it. */
async function liveARejection(browser: Browser, url: string): Promise<void> {
  const anna = await openAs(browser, url, "Anna Lindqvist");
  await fillIn(anna, { words: "jira", item: "Member", why: "To follow what happens to my customers' escalations." });
  await modalOf(anna).getByRole("checkbox", { name: "Support escalations" }).check();
  await submit(anna, "Send request");

  const ines = await openAs(browser, url, "Ines Moreau", { colorScheme: "dark" });
  const card = cardWith(ines, "escalations");
  await buttonOf(card, "Reject").click();
  await modalOf(ines).getByRole("textbox").fill("Support sends you a weekly summary already. Ask again if that is not enough.");
  await cut(ines, "reject-form", modalOf(ines));
  await submit(ines, "Reject");
  await ines.getByText("Rejected by Ines Moreau").first().waitFor();
  await shoot(ines, "rejected-dark", { of: card, once: "Ines Moreau said no" });

  const phone = await openAs(browser, url, "Anna Lindqvist", { viewport: NARROW, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
  await shoot(phone, "narrow", { once: "Request 2 is rejected" });

  await anna.getByRole("tab", { name: "Home" }).click();
  await anna.getByTestId("home").getByText("My access").first().waitFor();
  await shoot(anna, "app-home");
}

/** Chloe asks, nobody decides, and two working days later the card's thread says so. Helen asks, and has no manager who could decide. */
async function liveALateOne(browser: Browser, url: string): Promise<void> {
  const helen = await openAs(browser, url, "Helen Brandt");
  await fillIn(helen, { words: "figma", item: "View seat", why: "To look at the drafts for the annual report." });
  await submit(helen, "Send request");
  const chloe = await openAs(browser, url, "Chloe Dubois");
  await fillIn(chloe, { words: "jira", item: "Member", why: "To see when the fixes that my customers wait for are due." });
  await modalOf(chloe).getByRole("checkbox", { name: "Support escalations" }).check();
  await submit(chloe, "Send request");
  const ines = await openAs(browser, url, "Ines Moreau");
  const card = cardWith(ines, "fixes");
  await buttonOf(card, "Approve").waitFor();
  await ines.getByTestId("clock").getByRole("button").click();
  await ines.getByRole("button", { name: "Two working days later" }).click();
  await card.getByRole("button", { name: /^\d repl(y|ies)/ }).waitFor();
  await shoot(ines, "reminder", { of: card, once: "Reminder 1 for Ines Moreau" });

  const tom = await openAs(browser, url, "Tom Fischer");
  const alert = cardWith(tom, "Other people were asked");
  await alert.waitFor();
  await cut(tom, "alert", alert);
  await tom.getByTestId("clock").getByRole("button").click();
  await tom.getByRole("button", { name: "+1 week" }).click();
  await tom.getByText("working days ahead").waitFor();
  await tom.getByRole("tab", { name: "Home" }).click();
  const home = tom.getByTestId("home");
  await buttonOf(home, "Reassign").last().waitFor();
  await cut(tom, "late-work", home.locator(".home-inner"));
  await buttonOf(home, "Reassign").last().click();
  await modalOf(tom).getByText("Who should do it instead?").waitFor();
  await cut(tom, "reassign-form", modalOf(tom));
}

mkdirSync(FOLDER, { recursive: true });
await withPlayground(async (browser, url) => {
  await liveTheJob(browser, url);
  await liveARejection(browser, url);
  await liveALateOne(browser, url);
});
