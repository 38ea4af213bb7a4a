/**
 * What the pictures' scripts have in common: Latchkey in playground mode with a database of its own in a temporary folder, on a free port,
 * and people's windows in headless Chromium (`CHROMIUM_PATH`, or one on the PATH, as the page's tests have it).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once as onceOf } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { CHROMIUM_ARGS, chromiumPath } from "../test/setup/chromium.ts";

const ROOT = join(import.meta.dirname, "..");
export const FOLDER = process.argv[2] ?? join(import.meta.dirname, "screenshots");

/** Starts both, runs `body`, and takes all of it away again. */
export async function withPlayground(body: (browser: Browser, url: string) => Promise<void>): Promise<void> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error("No Chromium found: install chromium, or set CHROMIUM_PATH to one.");
  const home = mkdtempSync(join(tmpdir(), "latchkey-pictures-"));
  const latchkey = await startLatchkey(home);
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  try {
    await body(browser, latchkey.address);
  } finally {
    await browser.close();
    latchkey.process.kill("SIGTERM");
    if (latchkey.process.exitCode === null) await onceOf(latchkey.process, "exit");
    rmSync(home, { recursive: true, force: true });
  }
}

/** Resolves with the address once Latchkey prints one. */
async function startLatchkey(home: string): Promise<{ address: string; process: ChildProcess }> {
  execFileSync(process.execPath, ["src/build.mjs", "--if-newer"], { cwd: ROOT, stdio: "inherit" });
  const unset = { SLACK_BOT_TOKEN: "", SLACK_SIGNING_SECRET: "", SLACK_APP_TOKEN: "", DATABASE_URL: "", LATCHKEY_CONFIG: "" };
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
export async function openAs(browser: Browser, url: string, name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    timezoneId: "Europe/Berlin",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  await page.getByTestId("composer").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page
    .getByRole("button", { name: new RegExp(`^(You are|as) ${name}`) })
    .filter({ visible: true })
    .first()
    .waitFor();
  return page;
}

export const modalOf = (page: Page) => page.getByTestId("modal");
export const cardWith = (page: Page, text: string | RegExp) => page.getByTestId("message").filter({ hasText: text }).last();
export const buttonOf = (where: Page | Locator, name: string) => where.getByRole("button", { name: new RegExp(`^${name}(,|$)`) });
export const showChannel = (page: Page, name: string) =>
  page
    .getByTestId("conversations")
    .getByRole("button", { name: new RegExp(name) })
    .click();

export async function type(page: Page, line: string): Promise<void> {
  await page.getByTestId("composer").fill(line);
  await page.keyboard.press("Enter");
}

/** Opens the request form for an application whose name the words hit alone, and fills it in. */
export async function fillIn(page: Page, it: { readonly words: string; readonly item: string; readonly why: string }): Promise<void> {
  await type(page, `/request-access ${it.words}`);
  await modalOf(page).getByRole("checkbox", { name: it.item }).check();
  await modalOf(page).getByLabel("Why do you need it?").fill(it.why);
}

export async function choose(page: Page, field: string, option: string): Promise<void> {
  await modalOf(page).getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Sends the form in front by its button, and waits until it is gone. */
export async function submit(page: Page, label: string): Promise<void> {
  await buttonOf(modalOf(page), label).click();
  await modalOf(page).waitFor({ state: "detached" });
}
