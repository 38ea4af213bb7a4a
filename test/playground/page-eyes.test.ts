/** Whose eyes the page looks through, what it shows beside the chat, and how it stands when things go wrong around it. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInChromium } from "../setup/chromium.ts";
import { type Stage, setStage } from "./page-stage.ts";

/** What has neither a label nor a name of its own. Text, since this file is not compiled for a browser. */
const NAMELESS = `[...document.querySelectorAll("button, input, textarea, [role=listbox], [role=log], dialog, nav, aside")]
  .filter((element) => !(element.labels?.length > 0) && !element.hasAttribute("aria-labelledby"))
  .filter((element) => !(element.getAttribute("aria-label") ?? (element.tagName === "BUTTON" ? element.textContent : "")).trim())
  .map((element) => element.outerHTML.slice(0, 120))`;

describeInChromium("The page looks through anybody's eyes", (browser) => {
  let stage: Stage;
  let page: Page;
  const asked: string[] = [];
  const faults: string[] = [];
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage?.close());
  const open = async (user: string, options: BrowserContextOptions = {}) => {
    await page?.context().close();
    const context = await browser().newContext({ viewport: { width: 1280, height: 800 }, ...options });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`${stage.url}#${user}`);
    await page.getByTestId("composer").waitFor();
  };
  beforeEach(async () => {
    stage.timeline = [];
    stage.open = [];
    stage.reachable = true;
    await open("UANNA");
  });
  afterEach(() => {
    expect(faults.splice(0), "errors on the page").toEqual([]);
  });
  const acting = (name: string) => page.getByRole("button", { name: `You are ${name}` });
  const event = (seq: number, lineNumber: number | null, text: string, to?: string, act = seq) => ({
    seq,
    act: `act ${act}`,
    follows: act !== seq,
    at: "2026-11-21T09:30:00Z",
    kind: "happened",
    actor: "Anna Lindqvist",
    text,
    lineNumber,
    move: to === undefined ? null : { life: "approval", from: null, to },
  });

  test("one switches person by keyboard alone, by name, title or department", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("administrator oper");
    expect(await page.getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    await acting("Lena Vogt").waitFor();
    await page.getByTestId("conversations").getByRole("button", { name: "salesforce-admins" }).waitFor();
    await page.reload();
    await acting("Lena Vogt").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("group", { name: "Recent" }).getByRole("option", { name: "Anna Lindqvist" }).waitFor();
    await page.keyboard.type("nobody at all");
    await page.getByText("Nobody matches “nobody at all”.").waitFor();
    await page.keyboard.press("Escape");
    await acting("Lena Vogt").waitFor();
  });

  test("a newcomer begins as whom the server proposes", async () => {
    await page.goto("about:blank");
    await page.goto(stage.url);
    // The browser remembers Anna from before; another one does not.
    await acting("Anna Lindqvist").waitFor();
    const newcomer = await (await browser().newContext()).newPage();
    await newcomer.goto(stage.url);
    await newcomer.getByRole("button", { name: /^You are / }).waitFor();
    expect(new URL(newcomer.url()).hash).toMatch(/^#U/);
    await newcomer.context().close();
  });

  test("what somebody has begun to type waits for them", async () => {
    await page.getByTestId("composer").fill("half a sen");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("maria");
    await page.keyboard.press("Enter");
    await acting("Maria Santos").waitFor();
    expect(await page.getByTestId("composer").inputValue()).toBe("");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("anna");
    await page.keyboard.press("Enter");
    await acting("Anna Lindqvist").waitFor();
    expect(await page.getByTestId("composer").inputValue()).toBe("half a sen");
  });

  test("who has something new is named with a number, is one click away, and is read then; nothing moves meanwhile", async () => {
    const composer = page.getByTestId("composer");
    const before = [await composer.boundingBox(), await page.getByTestId("conversations").getByText("Latchkey").boundingBox()];
    await stage.slack.actAs("ULENA").message("hello app");
    const lena = page.getByRole("button", { name: "Switch to Lena Vogt, 1 new" });
    await lena.waitFor();
    expect([await composer.boundingBox(), await page.getByTestId("conversations").getByText("Latchkey").boundingBox()]).toEqual(before);
    await lena.click();
    await page.getByText("You said: hello app").waitFor();
    await stage.slack.actAs("ULENA").until((seen) => seen.conversations.every((conversation) => conversation.unread === 0));
    await page.getByTestId("waiting").getByRole("button").waitFor({ state: "detached" });
  });

  test("a server that is gone is said quietly; when it comes back, all that happened meanwhile is shown", async () => {
    await page.getByTestId("composer").fill("are you there");
    stage.reachable = false;
    await page.keyboard.press("Enter");
    await page.getByTestId("notice").getByText("Latchkey isn't answering. Trying again").waitFor();
    expect(await page.getByTestId("composer").inputValue()).toBe("are you there");
    await stage.slack.actAs("UANNA").act({ type: "message", channel: stage.slack.actAs("UANNA").direct().id, text: "from elsewhere" });
    stage.reachable = true;
    await page.getByTestId("message").filter({ hasText: "from elsewhere" }).first().waitFor();
    await page.getByTestId("notice").getByText("isn't answering").waitFor({ state: "detached" });
  });

  test("the timeline tells one act a line, request by request in a fixed order, and the rest when asked", async () => {
    const timeline = page.getByTestId("timeline");
    await timeline.getByText("Nothing yet.").waitFor();
    stage.timeline = [event(1, 12, "Anna asked for Salesforce.", "pending"), event(2, 13, "Anna asked for Gong.", "pending")];
    await timeline.getByText("Anna asked for Gong.").waitFor();
    stage.timeline.push(
      // What follows may be written before what it follows from, or by a commit of its own.
      event(3, 12, "The task was closed.", undefined, 4),
      event(4, 12, "Ines said yes.", "approved"),
      event(5, null, "The catalogue was applied."),
      event(6, 12, "The order was put on a list.", undefined, 7),
    );
    await timeline.getByRole("button", { name: "Details" }).waitFor();
    expect(await timeline.locator("summary").allInnerTexts()).toEqual([
      expect.stringMatching(/Request 12\s+approved/),
      expect.stringMatching(/Request 13\s+pending/),
    ]);
    expect(await timeline.locator("li").count()).toBe(3);
    await timeline.getByRole("button", { name: "Details" }).click();
    await timeline.getByText("The order was put on a list.").waitFor();
    expect(await timeline.getByText("The catalogue was applied.").count()).toBe(0);
    await timeline.getByLabel("Show background events (1)").check();
    await timeline.getByText("The catalogue was applied.").waitFor();
    await timeline.getByText("times in Europe/Berlin").waitFor();
    await page.getByRole("button", { name: "Hide timeline" }).click();
    await timeline.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Show timeline" }).click();
    await timeline.getByText("Ines said yes.").waitFor();
  });

  test("without a timeline to show, its column is not there", async () => {
    stage.timeline = null;
    await open("UANNA");
    expect(await page.getByTestId("timeline").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Show timeline" }).count()).toBe(0);
  });

  test("the guide says who can act on each request and why, leads to their very card, and stays away once hidden", async () => {
    const guide = page.getByTestId("guide");
    await guide.getByRole("button", { name: "Type it for me" }).click();
    expect(await page.getByTestId("composer").inputValue()).toMatch(/^\/request-access/);
    await page.keyboard.press("Enter");
    await page.getByTestId("modal").getByRole("button", { name: "Cancel" }).click();
    const wanted = await stage.post("UINES", "Decide this one, please");
    for (let n = 0; n < 8; n += 1) await stage.post("UINES", `And this one, number ${n}`);
    const card = await stage.post("ULENA", "Do this work");
    const holder = { user: "UINES", name: "Ines Moreau", why: "manager of Anna", card: wanted };
    const task = {
      task: "one",
      number: 1,
      kind: "approval",
      title: "Salesforce for Anna",
      needs: "Waits for a decision",
      requester: "UANNA",
    };
    stage.timeline = [event(1, 1, "Anna asked.", "pending"), event(2, 2, "Anna asked for more.", "approved")];
    stage.open = [
      { ...task, holders: [holder] },
      {
        ...task,
        task: "two",
        number: 2,
        kind: "fulfilment",
        title: "Gong for Anna",
        needs: "Waits for somebody to do the work",
        holders: ["ULENA", "UMARIA", "UANNA"].map((user) => ({ user, name: user, why: "one of Gong's", card })),
      },
    ];
    // The request of the newest act is followed; who looks on and can act oneself is told so first.
    await guide.getByText("Waits for somebody to do the work: yours (one of Gong's)").waitFor();
    await guide.getByLabel("Request to follow").selectOption({ label: "Request 1: Salesforce for Anna. Next: Ines Moreau" });
    await guide.getByText("(manager of Anna)").waitFor();
    await guide.getByRole("button", { name: "Switch to Ines Moreau" }).click();
    await acting("Ines Moreau").waitFor();
    const found = page.getByTestId("message").filter({ hasText: "Decide this one, please" });
    await found.and(page.locator(":focus")).waitFor();
    await found.getByRole("heading").first().and(page.locator(":visible")).waitFor();
    // What the guide has typed for Anna isn't typed again when she is looked through anew.
    await page.keyboard.press("Control+k");
    await page.keyboard.type("anna");
    await page.keyboard.press("Enter");
    await acting("Anna Lindqvist").waitFor();
    expect(await page.getByTestId("composer").inputValue()).toBe("");
    await guide.getByLabel("Request to follow").selectOption({ label: "Request 2: Gong for Anna. Next: ULENA" });
    stage.open = stage.open.slice(0, 1);
    stage.timeline.push(event(3, 2, "Lena did it.", "rejected"));
    await guide.getByText("That one has ended.").waitFor();
    await guide.getByRole("button", { name: "Follow request 1" }).click();
    await guide.getByRole("button", { name: "Switch to Ines Moreau" }).waitFor();
    await guide.getByLabel("Request to follow").selectOption("Ask for something new");
    await guide.getByRole("button", { name: "Type it for me" }).waitFor();
    await guide.getByRole("button", { name: "Hide this guide" }).click();
    await page.reload();
    await acting("Anna Lindqvist").waitFor();
    expect(await guide.count()).toBe(0);
  });

  test("the guide follows what one does, keeps to a choice until it ends, and then offers what goes on", async () => {
    const guide = page.getByTestId("guide");
    const follows = (start: string) => expect.poll(() => guide.locator("select option:checked").textContent()).toMatch(start);
    const open = (number: number, name: string) => ({
      task: `task ${number}`,
      number,
      kind: "approval",
      title: "Gong for Anna",
      needs: "Waits for a decision",
      requester: "UANNA",
      holders: [{ user: "UINES", name, why: "manager of Anna", card: { conversation: "D0INES", message: "1767225600.000100" } }],
    });
    const by = (actor: string | null, seq: number, number: number, to?: string) => ({ ...event(seq, number, "This happened.", to), actor });
    stage.timeline = [by("Anna Lindqvist", 1, 1), by("Anna Lindqvist", 2, 2), by("Anna Lindqvist", 3, 3)];
    stage.open = [open(1, "Ines One"), open(2, "Ines Two"), open(3, "Ines Three")];
    await follows("Request 3");
    // What is done through this page leads on; neither the clock, nor a refused attempt, nor somebody elsewhere does.
    stage.timeline.push(
      by("Anna Lindqvist", 4, 1),
      by(null, 5, 2),
      { ...by("Anna Lindqvist", 6, 2), kind: "refused" },
      by("Lena Vogt", 7, 3),
    );
    await guide.getByRole("button", { name: "Switch to Ines One" }).waitFor();
    await follows("Request 1");
    await guide.getByLabel("Request to follow").selectOption({ label: "Request 2: Gong for Anna. Next: Ines Two" });
    stage.timeline.push(by("Anna Lindqvist", 8, 3));
    await page.getByTestId("timeline").locator('[data-seq="8"]').waitFor();
    await follows("Request 2");
    stage.timeline.push(by("Anna Lindqvist", 9, 2, "withdrawn"));
    stage.open = [open(1, "Ines One"), open(3, "Ines Three")];
    await guide.getByText("That one has ended.").waitFor();
    stage.timeline.push(by("Anna Lindqvist", 10, 3));
    await follows("Request 3");
    stage.timeline.push(by("Anna Lindqvist", 11, 3, "withdrawn"));
    stage.open = [];
    await guide.getByRole("button", { name: "Ask for something", exact: true }).click();
    await guide.getByRole("button", { name: "Type it for me" }).waitFor();
  });

  test("more people with something new than there is room for: a button leads to all of them", async () => {
    for (let n = 100; n < 107; n += 1) await stage.post(`U${n}`, "Something new");
    await page
      .getByTestId("waiting")
      .getByRole("button", { name: /more (people|person)/ })
      .click();
    await page.getByRole("dialog", { name: "Switch person" }).getByRole("group", { name: "New for others" }).waitFor();
  });

  test("on a phone the columns are tabs and nothing sticks out", async () => {
    stage.timeline = [event(1, 1, "Anna asked for Salesforce.", "pending")];
    await open("ULENA", { viewport: { width: 390, height: 780 } });
    const fits = () => page.evaluate("document.documentElement.scrollWidth <= window.innerWidth");
    expect(await fits()).toBe(true);
    await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: "Timeline" }).click();
    await page.getByText("Anna asked for Salesforce.").waitFor();
    expect(await page.getByTestId("composer").isVisible()).toBe(false);
    await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: "Conversation" }).click();
    await page.getByRole("button", { name: "as Lena Vogt" }).click();
    await page.getByTestId("conversations").getByRole("button", { name: "salesforce-admins" }).click();
    await page.getByRole("heading", { name: "#salesforce-admins" }).waitFor();
    await page.getByTestId("composer").fill("/request-access");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByTestId("modal").waitFor();
    expect(await fits()).toBe(true);
    await stage.slack.actAs("ULENA").close(true);
  });

  test("everything one can use has a name, and nothing comes from elsewhere", async () => {
    await page.getByTestId("composer").fill("/request-access x");
    await page.keyboard.press("Enter");
    await page.getByTestId("modal").waitFor();
    const nameless = await page.evaluate(NAMELESS);
    expect(nameless).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(new URL(stage.url).origin) && !url.startsWith("data:"))).toEqual([]);
    await stage.slack.actAs("UANNA").close(true);
  });

  test("a form is filled in and sent by keyboard alone", async () => {
    await page.getByTestId("composer").focus();
    await page.keyboard.type("/request-access");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByTestId("modal").waitFor();
    await page.keyboard.type("All by keyboard");
    await page.keyboard.press("Tab");
    await page.keyboard.type("sal");
    await page.getByRole("option", { name: "Salesforce" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Sales region" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Your request has been sent to Ines Moreau.").last().waitFor();
    const sent = await stage.slack
      .actAs("UINES")
      .until((seen) => seen.conversations.at(-1)?.messages.find((each) => JSON.stringify(each).includes("All by keyboard")));
    expect(sent.from_app).toBe(true);
  });
});
