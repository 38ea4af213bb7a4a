/**
 * The page for everybody: without a mouse, read out by a screen reader, in light and dark colours, on a phone, and with nothing that jumps
 * under the pointer. The rules are axe-core's for WCAG 2.2 A and AA, with its best practices; contrast is one of them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeInChromium } from "../setup/chromium.ts";
import { type Stage, setStage } from "./page-stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Text, since this file is not compiled for a browser. In dark colours only the contrast is another. */
const faultsOf = (colours: "light" | "dark") => {
  const only = colours === "light" ? { type: "tag", values: RULES } : { type: "rule", values: ["color-contrast"] };
  return `axe.run(document, { resultTypes: ["violations"], runOnly: ${JSON.stringify(only)} }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.html.slice(0, 120) + " " + node.failureSummary)))`;
};
const STICKS_OUT = `[...document.querySelectorAll("body *")]
  .filter((element) => !element.closest(".unseen, .skip") && element.getClientRects().length > 0)
  .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1
    || (element.scrollWidth > element.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)))
  .map((element) => element.outerHTML.slice(0, 120))`;
/** What a colour is behind the page: the first of red, green and blue. */
const GROUND = `Number(/\\d+/.exec(getComputedStyle(document.querySelector(".middle")).backgroundColor)[0])`;
/**
 * Layout shifts as the browser measures them, of all that nobody has asked to move. A form that grows under a choice and a card that is redrawn
 * move what is below them, soon or late.
 */
const WATCH = `window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const moved = sources.map(({ node }) => (node?.nodeType === 1 ? node : node?.parentElement)).filter((element) => element);
      if (moved.some((element) => !element.closest("dialog, .suggestions, .menu, .messages")))
        window.shifts.push({ value, of: moved.map((element) => element.tagName + " " + element.className) });
    }
  }).observe({ type: "layout-shift", buffered: true });`;

/** Machines are slow at times. */
const PATIENCE = { timeout: 10_000 };
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };
const LONG = `${"Donaudampfschifffahrtsgesellschaft".repeat(12)} https://example.com/${"x".repeat(300)} مرحبا بالعالم ${"word ".repeat(200)}`;

describeInChromium("The page is for everybody", (browser) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage?.close());
  afterEach(async () => {
    stage.reachable = true;
    for (const context of browser().contexts()) await context.close();
  });

  test.each([
    { size: "wide", viewport: WIDE, colorScheme: "light" },
    { size: "wide", viewport: WIDE, colorScheme: "dark" },
    { size: "on a phone", viewport: PHONE, colorScheme: "light" },
    { size: "on a phone", viewport: PHONE, colorScheme: "dark" },
  ] as const)(
    "every screen keeps the rules of accessibility, and nothing sticks out: $size, $colorScheme",
    async ({ viewport, colorScheme }) => {
      stage.timeline = TIMELINE;
      const { conversation, message } = await stage.post("UINES", LONG);
      await stage.reply(conversation, message, LONG);
      await stage.reply(conversation, message, "A short one.");
      const page = await open(browser(), stage, "UINES", { viewport, colorScheme });
      await page.evaluate(AXE);
      const found: Record<string, unknown> = {};
      const check = async (screen: string) => {
        const faults = [...(await page.evaluate<string[]>(faultsOf(colorScheme))), ...(await page.evaluate<string[]>(STICKS_OUT))];
        if (faults.length > 0) found[screen] = faults;
      };
      const isPhone = viewport === PHONE;
      const pane = async (name: string) => {
        if (isPhone) await button(page.getByRole("navigation", { name: "Panes" }), name).click();
      };
      const card = page.getByTestId("message").filter({ hasText: "Donaudampf" }).first();

      await card.waitFor();
      await check("a card with long texts");
      await card.getByRole("button", { name: "2 replies" }).click();
      await page.getByTestId("thread").getByText("A short one.").waitFor();
      await check("a thread");
      await page
        .getByTestId("thread")
        .getByRole("button", { name: /^(Close thread|Back to)/ })
        .and(page.locator(":visible"))
        .click();
      await card.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem").first().waitFor();
      await check("a menu");
      await page.keyboard.press("Escape");
      await card.getByRole("button", { name: "Reject" }).click();
      await page.getByTestId("confirm").waitFor();
      await check("a confirmation");
      await page.keyboard.press("Escape");
      await page.getByTestId("composer").fill("/");
      await page.getByRole("listbox", { name: "Commands" }).waitFor();
      await check("commands");
      await page.getByTestId("composer").fill("/access");
      await page.keyboard.press("Enter");
      await page.getByText("You hold one thing").last().waitFor();
      await check("a private answer with a table");
      await page.getByTestId("composer").fill("/request-access");
      await page.keyboard.press("Enter");
      const modal = page.getByTestId("modal");
      await button(modal, "Send").click();
      await modal.getByText("Please complete this required field.").first().waitFor();
      await check("a form with complaints");
      await modal.getByRole("combobox", { name: "Application" }).click();
      await page.getByRole("option", { name: "Gong" }).waitFor();
      await check("a form's list");
      await page.getByRole("option", { name: "Gong" }).click();
      await modal.getByText("Sales region").waitFor();
      await page.keyboard.press("Escape");
      await check("the question whether to discard");
      await button(modal, "Discard").click();
      await page.getByRole("tab", { name: "Home" }).click();
      await page.getByTestId("home").getByText("My access").waitFor();
      await check("Home");
      await pane("Switch");
      await page.getByTestId("switcher").waitFor();
      await check("people and conversations");
      await page.getByTestId("switcher").click();
      await check("the list of people");
      await page.keyboard.press("Escape");
      await pane("Timeline");
      await page.getByTestId("timeline").getByText("Anna asked").waitFor();
      await check("the timeline");
      expect(found).toEqual({});
    },
  );

  test("colours follow the system until somebody chooses, and the choice is kept", async () => {
    const page = await open(browser(), stage, "UANNA", { viewport: WIDE, colorScheme: "dark" });
    const ground = () => page.evaluate<number>(GROUND);
    expect(await ground()).toBeLessThan(60);
    await page.getByRole("radio", { name: "Light" }).check({ force: true });
    expect(await ground()).toBeGreaterThan(200);
    await page.reload();
    await page.getByTestId("composer").waitFor();
    expect(await ground()).toBeGreaterThan(200);
    await page.getByRole("radio", { name: "System" }).check({ force: true });
    expect(await ground()).toBeLessThan(60);
  });

  test.each([
    { size: "wide", viewport: WIDE },
    { size: "on a phone", viewport: PHONE },
  ])("while somebody asks and somebody decides, what is not asked to move stays where it is: $size", async ({ viewport }) => {
    stage.timeline = TIMELINE;
    const anna = await open(browser(), stage, "UANNA", { viewport });
    const ines = await open(browser(), stage, "UINES", { viewport });
    const frame = (page: Page) =>
      places(page, [".guide", ".conversation-head", ".composer-box", ".switcher", ".waiting", ".clock", ".panes"]);
    const before = [await frame(anna), await frame(ines)];
    await anna.getByTestId("composer").fill("/request-access");
    await anna.keyboard.press("Enter");
    const modal = anna.getByTestId("modal");
    const why = `To keep still ${viewport.width}`;
    await modal.getByLabel("Why do you need it?").fill(why);
    await modal.getByRole("combobox", { name: "Application" }).fill("gong");
    await anna.getByRole("option", { name: "Gong" }).click();
    await modal.getByRole("combobox", { name: "Sales region" }).click();
    await anna.getByRole("option", { name: "EMEA" }).click();
    await button(modal, "Send").click();
    await modal.waitFor({ state: "detached" });
    await anna.getByTestId("messages").getByText("Your request has been sent").last().waitFor();
    const card = ines.getByTestId("message").filter({ hasText: why });
    await button(card, "Approve").click();
    await card.getByText("Approved by").waitFor();
    await ines.getByText("You approved it.").last().waitFor();
    expect([await frame(anna), await frame(ines)]).toEqual(before);
    // 0.1 is where it begins to be felt (web.dev/articles/cls).
    for (const page of [anna, ines]) {
      const shifts = await page.evaluate<{ value: number; of: string[] }[]>("window.shifts");
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      expect(sum, JSON.stringify(shifts)).toBeLessThan(0.02);
    }
  });

  test("without a mouse: to the messages, from one to the next, into a card, through the page's parts, and back to where one was", async () => {
    for (const why of ["The first card", "The second card", "The third card"]) await stage.post("UMARIA", why);
    const page = await open(browser(), stage, "UMARIA", { viewport: WIDE });
    const focused = page.locator(":focus");
    const message = (text: string) => page.getByTestId("message").filter({ hasText: text });
    // Who comes to a conversation can type at once.
    await page.getByTestId("composer").and(focused).waitFor();
    expect(await page.evaluate(`document.querySelector("button, a[href], input, select, textarea").textContent`)).toBe("Skip to messages");
    await page.getByRole("button", { name: "Skip to messages" }).focus();
    await page.keyboard.press("Enter");
    await page.getByTestId("messages").and(focused).waitFor();
    await page.keyboard.press("End");
    await message("The third card").and(focused).waitFor();
    await page.keyboard.press("ArrowUp");
    await message("The second card").and(focused).waitFor();
    await page.keyboard.press("ArrowDown");
    await message("The third card").and(focused).waitFor();
    await page.keyboard.press("Tab");
    await button(message("The third card"), "Approve").and(focused).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByTestId("confirm").waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("confirm").waitFor({ state: "detached" });
    await button(message("The third card"), "Reject").and(focused).waitFor();
    // The card is redrawn without the button that had the focus: the card has it then.
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await message("Approved by").last().and(focused).waitFor();
    await page.keyboard.press("F6");
    await page.getByTestId("composer").and(focused).waitFor();
    await page.keyboard.press("F6");
    expect(await page.locator('[data-region="beside"] :focus').count()).toBe(1);
    await page.keyboard.press("Shift+F6");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Escape");
    await page.getByTestId("switcher").and(focused).waitFor();
    await page.keyboard.press("Tab");
    await button(page.getByTestId("conversations"), "Latchkey").and(focused).waitFor();
    await page.keyboard.press("ArrowDown");
    await button(page.getByTestId("conversations"), "general").and(focused).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Message #general" }).and(focused).waitFor();
  });

  test("whoever has the focus where something vanishes keeps a place, and all of the page can be gone through by Tab alone", async () => {
    const page = await open(browser(), stage, "UANNA", { viewport: WIDE });
    await stage.slack.actAs("ULENA").message("hello");
    await page.getByRole("button", { name: /^Switch to Lena Vogt/ }).press("Enter");
    await page.getByRole("button", { name: "You are Lena Vogt" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement !== document.body"), PATIENCE).toBe(true);
    const stops = new Set<string>();
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press("Tab");
      stops.add(
        await page.evaluate<string>("document.activeElement.closest('[data-region]')?.dataset.region ?? document.activeElement.tagName"),
      );
    }
    expect([...stops]).toEqual(expect.arrayContaining(["guide", "side", "middle", "composer", "beside"]));
  });

  test("what comes is put below, and moves nothing that is read", async () => {
    const page = await open(browser(), stage, "U110", { viewport: WIDE });
    await stage.post("U110", "Read this");
    const first = page.getByTestId("message").filter({ hasText: "Read this" });
    await first.waitFor();
    const before = await first.boundingBox();
    await stage.post("U110", "And then this");
    await page.getByTestId("message").filter({ hasText: "And then this" }).waitFor();
    expect(await first.boundingBox()).toEqual(before);
  });

  test("a new message is said once, in a sentence; cards are no shouting", async () => {
    const page = await open(browser(), stage, "ULENA", { viewport: WIDE });
    expect(await page.getByTestId("announcer").textContent()).toBe("");
    await stage.post("ULENA", "A card to decide");
    await expect.poll(() => page.getByTestId("announcer").textContent(), PATIENCE).toMatch(/^New message\. ./);
    expect((await page.getByTestId("announcer").textContent())?.length).toBeLessThan(200);
    for (const log of await page.getByRole("log").all()) expect(await log.getAttribute("aria-live")).toBe("off");
  });

  test("what is sent stands there at once, and comes back into the field when it couldn't be taken", async () => {
    const page = await open(browser(), stage, "UANNA", { viewport: WIDE });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/slack/page/act", async (route) => {
      await held;
      await route.continue();
    });
    const composer = page.getByTestId("composer");
    await composer.fill("first");
    await page.keyboard.press("Enter");
    await page.locator(".on-its-way").getByText("first").waitFor();
    expect(await composer.inputValue()).toBe("");
    await composer.fill("second");
    await page.keyboard.press("Enter");
    await page.locator(".on-its-way").getByText("second").waitFor();
    release();
    await page.getByTestId("messages").getByText("You said: second").waitFor();
    await expect.poll(() => page.locator(".on-its-way").count(), PATIENCE).toBe(0);
    await page.unroute("**/slack/page/act");
    stage.reachable = false;
    await composer.fill("third");
    await page.keyboard.press("Enter");
    await expect.poll(() => composer.inputValue(), PATIENCE).toBe("third");
    stage.reachable = true;
  });
});

const TIMELINE = [
  {
    seq: 1,
    act: "one",
    follows: false,
    at: "2026-11-21T09:30:00Z",
    kind: "happened",
    actor: "Anna Lindqvist",
    text: "Anna asked for Salesforce.",
    lineNumber: 1,
    move: { life: "approval", from: null, to: "pending" },
  },
];

const button = (where: Page | Locator, name: string) => where.getByRole("button", { name, exact: true });

async function open(browser: Browser, stage: Stage, user: string, options: Parameters<Browser["newContext"]>[0]): Promise<Page> {
  const page = await (await browser.newContext({ timezoneId: "Europe/Berlin", ...options })).newPage();
  page.setDefaultTimeout(10_000);
  await page.addInitScript(WATCH);
  await page.goto(`${stage.url}#${user}`);
  await page.getByTestId("composer").waitFor();
  return page;
}

/** Where things stand on the page; those that are not shown are left out. */
const places = (page: Page, selectors: readonly string[]) =>
  page.evaluate<object[]>(`${JSON.stringify(selectors)}.flatMap((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return box && box.width > 0 ? [{ selector, x: box.x, y: box.y, width: box.width, height: box.height }] : [];
  })`);
