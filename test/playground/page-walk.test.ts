/** The page in a real browser, over the stand-in for Slack and a real Bolt app. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInChromium } from "../setup/chromium.ts";
import { type Stage, setStage } from "./page-stage.ts";

describeInChromium("The page lives the job", (browser) => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    await page?.context().close();
    await stage.slack.actAs("UANNA").close(true);
    const context = await browser().newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${stage.url}#UANNA`);
    await page.getByTestId("composer").waitFor();
  });

  const modal = () => page.getByTestId("modal");
  const why = () => modal().getByLabel("Why do you need it?");
  const select = (name: string) => modal().getByRole("combobox", { name });
  const pick = async (name: string, option: string) => {
    await select(name).click();
    await page.getByRole("option", { name: option }).click();
  };
  const openForm = async () => {
    await page.getByTestId("composer").fill("/request-access salesforce");
    await page.keyboard.press("Enter");
    await modal().waitFor();
  };
  const send = () => modal().getByRole("button", { name: "Send", exact: true }).click();
  const become = async (name: string) => {
    await page.getByTestId("switcher").click();
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: `You are ${name}` }).waitFor();
  };
  const askFor = async (reason: string): Promise<Locator> => {
    await openForm();
    await why().fill(reason);
    await pick("Application", "Salesforce");
    await pick("Sales region", "EMEA");
    await send();
    await modal().waitFor({ state: "detached" });
    await page.getByTestId("waiting").getByRole("button", { name: "Ines Moreau" }).click();
    // A channel may have had news for Ines before, and is opened then.
    await page.getByTestId("conversations").getByRole("button", { name: "Latchkey" }).click();
    const card = page.getByTestId("message").filter({ hasText: reason });
    await card.waitFor();
    return card;
  };

  test("commands are suggested while one types, and Enter first completes and then sends", async () => {
    await page.getByTestId("composer").fill("/");
    expect(await page.getByRole("option").allInnerTexts()).toEqual([
      expect.stringContaining("/request-access"),
      expect.stringContaining("/access"),
    ]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("composer").inputValue()).toBe("/access ");
    await page.keyboard.press("Enter");
    const answer = page.getByTestId("message").filter({ hasText: "You hold one thing" }).last();
    await answer.getByText("Only visible to you").waitFor();
    // A block that slack-blocks-to-jsx draws.
    await answer.getByRole("cell", { name: "Wiki" }).waitFor();
    await answer.getByRole("button", { name: "Dismiss message" }).click();
    await page.getByTestId("messages").getByText("You hold one thing").waitFor({ state: "detached" });
  });

  test("a command that Slack would not know is said under the field, and stays typed", async () => {
    await page.getByTestId("composer").fill("/nonsense please");
    await page.keyboard.press("Enter");
    await page.getByText("/nonsense is not a valid command.").waitFor();
    expect(await page.getByTestId("composer").inputValue()).toBe("/nonsense please");
  });

  test("the app answers the type-ahead in groups, and its redraw of the form keeps what was typed", async () => {
    await openForm();
    await why().fill("I sell things");
    await select("Application").click();
    await page.getByRole("group", { name: "Everybody" }).getByRole("option", { name: "100% Design_Kit 🎨" }).waitFor();
    await select("Application").fill("sales");
    await page.getByRole("option", { name: "Gong" }).waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await select("Sales region").waitFor();
    expect(await why().inputValue()).toBe("I sell things");
    expect(await select("Application").inputValue()).toBe("Salesforce");
    await page.reload();
    await select("Sales region").waitFor();
    expect(await why().inputValue()).toBe("I sell things");
  });

  test("what is missing or wrong is marked at its field; the app's own complaints too; nothing typed is lost", async () => {
    await openForm();
    await why().fill("eh");
    await modal().getByLabel("Seats").fill("many");
    await send();
    const field = (block: string) => modal().locator(`[data-block="${block}"]`);
    await field("app").getByText("Please complete this required field.").waitFor();
    await field("seats").getByText("Please enter a valid number.").waitFor();
    await select("Application").and(page.locator(":focus")).waitFor();
    expect(await select("Application").getAttribute("aria-invalid")).toBe("true");
    await modal().getByLabel("Seats").fill("3");
    await pick("Application", "Salesforce");
    await pick("Sales region", "AMER");
    await send();
    await field("why").getByText("Say a little more").waitFor();
    expect(await why().inputValue()).toBe("eh");
    expect(await select("Sales region").inputValue()).toBe("AMER");
    expect(await modal().getByLabel("Seats").inputValue()).toBe("3");
    expect(await field("app").getByRole("alert").count()).toBe(0);
  });

  test("in a low window, what is missing is led to with its label and its complaint in view", async () => {
    await page.setViewportSize({ width: 1280, height: 420 });
    await openForm();
    await modal().getByLabel("Seats").scrollIntoViewIfNeeded();
    await send();
    const wrong = modal().locator('[data-block="why"]');
    await why().and(page.locator(":focus")).waitFor();
    const body = (await modal().locator(".modal-body").boundingBox())!;
    const inView = async () => {
      const found = await Promise.all([wrong.getByText("Why do you need it?"), wrong.getByRole("alert")].map((each) => each.boundingBox()));
      return found.every((box) => box !== null && box.y >= body.y && box.y + box.height <= body.y + body.height);
    };
    await expect.poll(inView).toBe(true);
  });

  test("dates, checkboxes and several people reach the app as they were put in", async () => {
    await openForm();
    await modal().getByLabel("Until").fill("2027-03-31");
    await modal().getByLabel("Export").check();
    await pick("Colleagues who need it too", "Maria Santos");
    await pick("Colleagues who need it too", "Ines Moreau");
    await modal().getByRole("button", { name: "Remove Maria Santos" }).click();
    await modal().getByRole("button", { name: "Remove Maria Santos" }).waitFor({ state: "detached" });
    const { values } = await stage.slack.actAs("UANNA").until((seen) => {
      const view = seen.modals.at(-1);
      return view?.values.colleagues?.people?.typed?.length === 1 && view;
    });
    expect(values.until?.date?.typed).toBe("2027-03-31");
    expect(values.extras?.boxes?.typed).toEqual(["export"]);
    expect(values.colleagues?.people?.typed).toEqual(["UINES"]);
  });

  test("a pushed view lies over the form; Escape goes back to it, the cross closes it", async () => {
    await openForm();
    await why().fill("push it");
    await pick("Application", "Gong");
    await pick("Sales region", "EMEA");
    await send();
    await modal().getByRole("heading", { name: "One more thing" }).waitFor();
    await page.keyboard.press("Escape");
    await modal().getByRole("heading", { name: "Request access" }).waitFor();
    expect(await why().inputValue()).toBe("push it");
    await modal().getByRole("button", { name: "Close window" }).click();
    await modal().getByRole("button", { name: "Discard" }).click();
    await modal().waitFor({ state: "detached" });
    await page.getByTestId("composer").and(page.locator(":focus")).waitFor();
  });

  test("leaving a form by the way asks before anything typed is lost, and Escape is no answer", async () => {
    await openForm();
    await why().fill("Half a sentence");
    await page.keyboard.press("Escape");
    await modal().getByText("Discard what you put in?").waitFor();
    await page.keyboard.press("Escape");
    expect(await why().inputValue()).toBe("Half a sentence");
    await page.keyboard.press("Escape");
    await modal().getByRole("button", { name: "Keep editing" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Enter");
    await modal().getByRole("button", { name: "Cancel" }).click();
    await modal().getByRole("button", { name: "Discard" }).click();
    await modal().waitFor({ state: "detached" });
    await openForm();
    expect(await why().inputValue()).toBe("");
    await page.keyboard.press("Escape");
    await modal().waitFor({ state: "detached" });
  });

  test("the approver's card arrives unasked, decides at the click and is redrawn in place", async () => {
    const card = await askFor("Quarter end is near");
    const ts = await card.getAttribute("data-ts");
    await card.getByRole("button", { name: "Approve" }).click();
    await card.getByText("Approved by @Ines Moreau").waitFor();
    expect(await card.getAttribute("data-ts")).toBe(ts);
    expect(await card.getByRole("button", { name: "Approve" }).count()).toBe(0);
    await card.and(page.locator(":focus")).waitFor();
    await page.getByTestId("message").filter({ hasText: "You approved it." }).getByText("Only visible to you").waitFor();
    await page.getByTestId("waiting").getByRole("button", { name: "Lena Vogt" }).click();
    await page.getByRole("heading", { name: "#salesforce-admins" }).waitFor();
    await page.getByTestId("messages").getByText("Work for you: create the Salesforce account.").last().waitFor();
  });

  test("a confirmation comes first where the app asks for it", async () => {
    const card = await askFor("Just curious");
    await card.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("dialog", { name: "Reject this request?" }).getByRole("button", { name: "Keep it" }).click();
    expect(await card.getByRole("button", { name: "Reject" }).count()).toBe(1);
    await card.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("button", { name: "Reject it" }).click();
    await card.getByText("Rejected by @Ines Moreau").waitFor();
  });

  test("the menu behind the three dots tells the app", async () => {
    const card = await askFor("Menu please");
    await card.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Hand over" }).click();
    await page.getByTestId("messages").getByText("Noted: hand-over").waitFor();
  });

  test("an app that does not answer is said beside the button, which can be pressed again", async () => {
    const card = await askFor("Slow one");
    const button = card.getByRole("button", { name: "Ask the oracle" });
    await button.click();
    await card.getByRole("alert").getByText("The app did not answer within 3 seconds.").waitFor();
    expect(await button.getAttribute("aria-busy")).toBe("false");
  });

  test("people's words are never markup: neither mention nor link nor bold", async () => {
    const said = "*bold* <@UANNA> <https://evil.example|here> <script>alert(1)</script> &lt;!channel&gt;";
    const card = await askFor(said);
    expect(await card.getByText(said, { exact: true }).count()).toBe(1);
    expect(await card.getByRole("link").count()).toBe(0);
  });

  test("messages and replies in a thread are heard and answered", async () => {
    await become("Maria Santos");
    await page.getByTestId("composer").fill("hello <there> & you");
    await page.keyboard.press("Enter");
    const own = page.getByTestId("message").filter({ hasText: "Maria Santos" }).filter({ hasText: "hello <there> & you" });
    await own.waitFor();
    await page.getByTestId("messages").getByText("You said: hello <there> & you").waitFor();
    await own.hover();
    await own.getByRole("button", { name: "Reply" }).click();
    await page.keyboard.type("and again");
    await page.keyboard.press("Enter");
    const thread = page.getByRole("complementary", { name: "Thread in Latchkey" });
    await thread.getByText("You said: and again").waitFor();
    await page.keyboard.press("Escape");
    await thread.waitFor({ state: "detached" });
    const open = own.getByRole("button", { name: "2 replies" });
    await open.and(page.locator(":focus")).waitFor();
    // The newest reply stands below the message, the one before it only in the thread.
    await own.getByText("You said: and again").waitFor();
    expect(await own.getByText("and again", { exact: true }).count()).toBe(0);
    await page.keyboard.press("Enter");
    await thread.getByText("and again", { exact: true }).waitFor();
  });

  test("people are offered after an @, and who is chosen is mentioned by id", async () => {
    await page.getByTestId("composer").fill("mail me at a@b.example or ask @ines");
    await page.getByRole("listbox", { name: "People to mention" }).getByRole("option", { name: "Ines Moreau" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("listbox", { name: "People to mention" }).waitFor({ state: "detached" });
    await page.getByTestId("composer").fill("Ask @Person 0");
    await page.getByRole("option").nth(1).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("composer").inputValue()).toBe("Ask @Person 02 ");
    await page.keyboard.type("about it");
    await page.keyboard.press("Enter");
    await page.getByTestId("messages").getByText("You said: Ask @Person 02 about it").waitFor();
    const said = await stage.slack
      .actAs("UANNA")
      .until((seen) => seen.conversations.at(-1)?.messages.find(({ text }) => text === "Ask <@U101> about it"));
    expect(said.blocks).toMatchObject([{ elements: [{ elements: [{ text: "Ask " }, { user_id: "U101" }, { text: " about it" }] }] }]);
    await page.getByTestId("messages").getByText("You said").last().waitFor();
    expect(await page.getByTestId("message").last().locator(".mention").textContent()).toBe("@Person 02");
  });

  test("a reply that comes to a card while one looks elsewhere is shown, older ones count as new, below its card; on a phone the thread takes the conversation's place", async () => {
    const { conversation, message } = await stage.post("ULENA", "Please look at the threads");
    await stage.reply(conversation, message, "Somebody asked after it.");
    await stage.reply(conversation, message, "Reminder, <@ULENA>: it is still open.");
    await page.getByRole("button", { name: "Switch to Lena Vogt, 3 new" }).click();
    const card = page.getByTestId("message").filter({ hasText: "Please look at the threads" });
    await card.getByRole("button", { name: "2 replies 1 new" }).waitFor();
    await card.getByText("@Lena Vogt").waitFor();
    await stage.slack.actAs("ULENA").until((seen) => seen.conversations.every(({ unread }) => unread === 0));
    await page.setViewportSize({ width: 390, height: 780 });
    await card.getByRole("button", { name: "2 replies" }).click();
    const thread = page.getByTestId("thread");
    await thread.getByText("as Lena Vogt").waitFor();
    expect(await page.getByTestId("composer").isVisible()).toBe(false);
    await thread.getByRole("textbox", { name: "Reply in thread" }).fill("On it");
    await page.keyboard.press("Enter");
    await thread.getByText("On it", { exact: true }).waitFor();
    await thread.getByRole("button", { name: "Back to Latchkey" }).click();
    await card
      .getByRole("button", { name: /replies/ })
      .and(page.locator(":focus"))
      .waitFor();
    expect(await page.getByTestId("composer").isVisible()).toBe(true);
  });

  test("the Home tab is drawn when it is opened", async () => {
    await page.getByRole("tab", { name: "Home" }).click();
    await page.getByTestId("home").getByRole("heading", { name: "My access" }).waitFor();
    await page.getByRole("tab", { name: "Messages" }).click();
    await page.getByTestId("composer").waitFor();
  });
});
