/**
 * Makes README's pictures: `npx tsx docs/screenshots.ts [folder]`. Starts Latchkey in playground mode, with a database of its own in a
 * temporary folder, on a free port, and lives the main job in headless Chromium: ask, approve, claim, confirm, a rejection, and a reminder once the
 * clock was moved on.
 *
 * Needs Chromium or Chrome (`CHROMIUM_PATH`, or one on the PATH), as the page's tests do.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once as onceOf } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { CHROMIUM_ARGS, chromiumPath } from "../test/setup/chromium.ts";
import { withPalette } from "./palette.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = process.argv[2] ?? join(import.meta.dirname, "screenshots");
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
/** Bytes; a README full of megabytes is read by nobody on the move. */
const LARGEST = 150_000;

const WHY = "I take over the DACH accounts from Lukas on Monday and need to see their history.";

/** Starts Latchkey; resolves with its address once it prints one. */
async function startLatchkey(home: string): Promise<{ address: string; process: ChildProcess }> {
  execFileSync(process.execPath, ["src/build.mjs", "--if-newer"], { cwd: ROOT, stdio: "inherit" });
  const unset = { SLACK_BOT_TOKEN: "", SLACK_SIGNING_SECRET: "", DATABASE_URL: "", LATCHKEY_CONFIG: "" };
  const child = spawn(process.execPath, ["dist/main.js"], {
    cwd: ROOT,
    env: { ...process.env, ...unset, HOST: "127.0.0.1", PORT: "0", LATCHKEY_HOME: home, LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const part of child.stdout) {
    said += String(part);
    const [address] = /http:\/\/[^\s]+/.exec(said) ?? [];
    if (address) return { address, process: child };
  }
  throw new Error(`Latchkey ended before it said where it is:\n${said}`);
}

/** One person's window; each has its own, so that every card is drawn as that person sees it. */
async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: WIDE, colorScheme: "light", timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(url);
  await page.getByTestId("composer").waitFor();
  return page;
}

async function become(page: Page, name: string): Promise<void> {
  await page.getByTestId("switcher").click();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `You are ${name}` }).waitFor();
}

const modalOf = (page: Page) => page.getByTestId("modal");
const cardWith = (page: Page, text: string | RegExp) => page.getByTestId("message").filter({ hasText: text }).last();
const showChannel = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(name) }).click();

/** Opens the request form for an application whose name the words hit alone, and fills it in. */
async function fillIn(page: Page, it: { readonly words: string; readonly item: string; readonly why: string }): Promise<void> {
  await page.getByTestId("composer").fill(`/request-access ${it.words}`);
  await page.keyboard.press("Enter");
  const modal = modalOf(page);
  await modal.getByRole("checkbox", { name: it.item }).check();
  await modal.getByLabel("Why do you need it?").fill(it.why);
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await modalOf(page).getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function send(page: Page): Promise<void> {
  await modalOf(page).getByRole("button", { name: "Send request" }).click();
  await modalOf(page).waitFor({ state: "detached" });
}

/** `once`: what has to be read somewhere on the page first, so that cards and timeline have come to rest. */
async function shoot(page: Page, name: string, { of, once }: { readonly of?: Locator; readonly once?: string } = {}): Promise<void> {
  if (once !== undefined) await page.getByText(once).last().waitFor();
  await of?.scrollIntoViewIfNeeded();
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready.then(() => (document.activeElement as HTMLElement | null)?.blur()));
  const png = withPalette(await page.screenshot({ animations: "disabled", caret: "hide" }));
  if (png.length > LARGEST) throw new Error(`${name}.png has ${png.length} bytes; at most ${LARGEST} are wanted`);
  writeFileSync(join(FOLDER, `${name}.png`), png);
  process.stdout.write(`${name}.png  ${Math.round(png.length / 1000)} kB\n`);
}

/** Anna asks for Salesforce, Ines approves, Lena does it by hand and confirms. */
async function liveTheJob(browser: Browser, url: string): Promise<void> {
  const anna = await open(browser, url);
  await become(anna, "Anna Lindqvist");
  await fillIn(anna, { words: "salesforce", item: "Report builder", why: WHY });
  await choose(anna, "Sales region", "EMEA");
  await modalOf(anna).getByLabel("Territory").fill("DACH");
  await modalOf(anna).getByRole("combobox", { name: "Application" }).scrollIntoViewIfNeeded();
  await shoot(anna, "request-form");
  await send(anna);

  const ines = await open(browser, url);
  await become(ines, "Ines Moreau");
  const approval = cardWith(ines, WHY);
  await approval.getByRole("button", { name: "Approve, request" }).waitFor();
  await shoot(ines, "approval-card", { of: approval, once: "Anna Lindqvist asked for" });
  await approval.getByRole("button", { name: "Approve, request" }).click();
  await ines.getByText("Approved by Ines Moreau").first().waitFor();

  const lena = await open(browser, url);
  await become(lena, "Lena Vogt");
  await showChannel(lena, "salesforce-admins");
  const order = cardWith(lena, "Create an account in Salesforce");
  await order.getByRole("button", { name: "Claim, request" }).click();
  await order.getByRole("button", { name: "Confirm done, request" }).waitFor();
  await shoot(lena, "order-card-claimed", { of: order, once: "Lena Vogt claimed the task" });
  await order.getByRole("button", { name: "Confirm done, request" }).click();
  await modalOf(lena).getByRole("button", { name: "Confirm done" }).click();
  await modalOf(lena).waitFor({ state: "detached" });

  await cardWith(anna, "Request 1 is complete").waitFor();
  await shoot(anna, "request-complete", { of: cardWith(anna, "Request 1 is complete"), once: "Lena Vogt confirmed it is done" });
}

/** Anna asks for Jira, and Ines rejects it. */
async function liveARejection(browser: Browser, url: string): Promise<void> {
  const anna = await open(browser, url);
  await become(anna, "Anna Lindqvist");
  await fillIn(anna, { words: "jira", item: "Member", why: "To follow what happens to my customers' escalations." });
  await modalOf(anna).getByRole("checkbox", { name: "Support escalations" }).check();
  await send(anna);

  const ines = await open(browser, url, { colorScheme: "dark" });
  await become(ines, "Ines Moreau");
  const card = cardWith(ines, "escalations");
  await card.getByRole("button", { name: "Reject, request" }).click();
  await modalOf(ines).getByRole("textbox").fill("Support sends you a weekly summary already. Ask again if that is not enough.");
  await modalOf(ines).getByRole("button", { name: "Reject" }).click();
  await modalOf(ines).waitFor({ state: "detached" });
  await ines.getByText("Rejected by Ines Moreau").first().waitFor();
  await shoot(ines, "rejected-dark", { of: card, once: "Ines Moreau said no" });

  const phone = await open(browser, url, { viewport: NARROW, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
  await shoot(phone, "narrow", { once: "Request 2 is rejected" });

  await anna.getByRole("tab", { name: "Home" }).click();
  await anna.getByTestId("home").getByText("My access").first().waitFor();
  await shoot(anna, "app-home");
}

/** Chloe asks, nobody decides, and two working days later the card's thread says so. */
async function liveALateOne(browser: Browser, url: string): Promise<void> {
  const chloe = await open(browser, url);
  await become(chloe, "Chloe Dubois");
  await fillIn(chloe, { words: "jira", item: "Member", why: "To see when the fixes that my customers wait for are due." });
  await modalOf(chloe).getByRole("checkbox", { name: "Support escalations" }).check();
  await send(chloe);
  const ines = await open(browser, url);
  await become(ines, "Ines Moreau");
  const card = cardWith(ines, "fixes");
  await card.getByRole("button", { name: "Approve, request" }).waitFor();
  await ines.getByTestId("clock").getByRole("button").click();
  await ines.getByRole("button", { name: "Two working days later" }).click();
  await card.getByRole("button", { name: "1 reply" }).waitFor();
  await shoot(ines, "reminder", { of: card, once: "Reminder 1 for Ines Moreau" });
}

const executablePath = chromiumPath();
if (executablePath === null) throw new Error("No Chromium found: install chromium, or set CHROMIUM_PATH to one.");
mkdirSync(FOLDER, { recursive: true });
const home = mkdtempSync(join(tmpdir(), "latchkey-pictures-"));
const latchkey = await startLatchkey(home);
const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
try {
  await liveTheJob(browser, latchkey.address);
  await liveARejection(browser, latchkey.address);
  await liveALateOne(browser, latchkey.address);
} finally {
  await browser.close();
  latchkey.process.kill("SIGTERM");
  if (latchkey.process.exitCode === null) await onceOf(latchkey.process, "exit");
  rmSync(home, { recursive: true, force: true });
}
