/** A newcomer's walk: Latchkey's playground as `npm start` serves it, by the page alone. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { describeInChromium } from "../setup/chromium.ts";
import { freshDatabase, type TestDatabase } from "../setup/database.ts";
import { endChildren, launch, ROOT } from "./stage.ts";

describeInChromium("the playground's page", (browser) => {
  let database: TestDatabase | undefined;
  let address: string;
  let page: Page;
  beforeAll(async () => {
    await compiledPage();
    // Without a database of the tests, the playground brings its own.
    if (!("missing" in inject("database"))) database = await freshDatabase();
    address = await launch({ PORT: "0", ...(database ? { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl } : {}) })
      .address;
  });
  afterAll(async () => {
    await page?.context().close();
    await endChildren();
    await database?.drop();
  });
  beforeEach(async () => {
    await page?.context().close();
    page = await (await browser().newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(address);
    await page.getByTestId("composer").waitFor();
  });

  const modal = () => page.getByTestId("modal");
  const button = (where: Page | Locator, name: string) => where.getByRole("button", { name, exact: true });
  /** The newest card whose heading begins so. */
  const card = (heading: string) =>
    page
      .getByTestId("message")
      .filter({ has: page.getByRole("heading", { name: heading }) })
      .last();
  const type = async (line: string) => {
    await page.getByTestId("composer").fill(line);
    await page.keyboard.press("Enter");
  };
  const become = async (name: string) => {
    await page.getByTestId("switcher").click();
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: `You are ${name}` }).waitFor();
  };
  const pick = async (field: string, query: string, option: string) => {
    await modal().getByRole("combobox", { name: field }).click();
    await modal().getByRole("combobox", { name: field }).fill(query);
    await page.getByRole("option", { name: option }).click();
  };
  const send = async (label: string) => {
    await button(modal(), label).click();
    await modal().waitFor({ state: "detached" });
  };
  /** Whom the page itself proposes as the next one to act. */
  const follow = async (name: string) => {
    await page
      .getByTestId("guide")
      .getByRole("button", { name: `Switch to ${name}` })
      .click();
    await page.getByRole("button", { name: `You are ${name}` }).waitFor();
  };

  test("a newcomer asks, approves, does the work and confirms it, led by the page alone", async () => {
    await page.getByRole("button", { name: "You are Anna Lindqvist" }).waitFor();
    await type("/request-access");
    await pick("Application", "crm", "Salesforce");
    await modal().getByLabel("Report builder").check();
    await modal().getByLabel("Why do you need it?").fill("I build the quarter's reports");
    await button(modal(), "Send request").click();
    await modal().getByText("Please complete this required field.").waitFor();
    expect(await modal().getByLabel("Why do you need it?").inputValue()).toBe("I build the quarter's reports");
    await pick("Sales region", "EM", "EMEA");
    await send("Send request");
    await page.getByTestId("messages").getByText("Sent as request 1. A card in our direct messages shows where it stands.").waitFor();
    await card("Request 1: Salesforce").getByText("Waiting for approval").waitFor();

    await follow("Ines Moreau");
    await card("Request 1: Salesforce").getByText("I build the quarter's reports").waitFor();
    await card("Request 1: Salesforce").getByRole("button", { name: "Approve" }).click();
    await card("Request 1: Salesforce").getByText("Approved by").waitFor();
    expect(await card("Request 1: Salesforce").getByRole("button", { name: "Approve" }).count()).toBe(0);

    await follow("Lena Vogt");
    const work = card("Request 1: Salesforce, to set up");
    await work.getByText("Federation ID: E015").waitFor();
    await work.getByRole("button", { name: "Claim" }).click();
    await work.getByRole("button", { name: "Confirm done" }).click();
    expect(await modal().getByLabel("Login of the account").inputValue()).toBe("anna@acme.example");
    await send("Confirm done");
    await card("Request 1: Salesforce").getByText("Done by").waitFor();
    await page.getByTestId("guide").getByText("Done. Everybody's card shows it").waitFor();

    await become("Anna Lindqvist");
    await card("Request 1: Salesforce").getByText("Complete").waitFor();
    await card("Request 1 is complete").getByText("You can sign in to").waitFor();
    const timeline = page.getByTestId("timeline");
    for (const said of [
      "Anna Lindqvist asked for",
      "Ines Moreau said yes",
      "Lena Vogt claimed",
      "Lena Vogt confirmed it is done, login anna@acme.example",
    ])
      await timeline.getByText(said).first().waitFor();
  });

  test("the unhappy ways: a rejection with its reason, and an error that is reported", async () => {
    await become("Chloe Dubois");
    await type("/request-access figma");
    await modal().getByLabel("View seat").check();
    await modal().getByLabel("Dev seat").check();
    await modal().getByLabel("Why do you need it?").fill("<b>Prototypes</b> & *sketches*");
    await send("Send request");
    const [, first = "", second = ""] =
      /Sent as requests (\d+), (\d+)/.exec(
        await page
          .getByTestId("messages")
          .getByText(/Sent as requests \d/)
          .textContent()
          .then(String),
      ) ?? [];
    await become("Ines Moreau");
    await card(`Request ${first}: Figma`).getByText("<b>Prototypes</b> & *sketches*").waitFor();
    await card(`Request ${first}: Figma`).getByRole("button", { name: "Reject" }).click();
    await modal().getByLabel("Why do you reject it?").fill("Not in this quarter");
    await send("Reject");
    await card(`Request ${first}: Figma`).getByText("Rejected by").waitFor();
    await card(`Request ${second}: Figma`).getByRole("button", { name: "Approve" }).click();
    await card(`Request ${second}: Figma`).getByText("Approved by").waitFor();

    await become("Daniel Reyes");
    await page
      .getByRole("button", { name: /it-desk/ })
      .first()
      .click();
    const work = card(`Request ${second}: Figma, to set up`);
    await work.getByRole("button", { name: "Claim" }).click();
    await work.getByRole("button", { name: "Report error" }).click();
    await modal().getByLabel("What went wrong?").fill("No seat is left");
    await send("Report error");

    await become("Chloe Dubois");
    await card(`Request ${first} is rejected`).getByText("Not in this quarter").waitFor();
    await card(`Request ${second} could not be set up`).getByText("No seat is left").waitFor();
    await page.getByRole("tab", { name: "Home" }).click();
    await page.getByTestId("home").getByText("Failed").first().waitFor();
  });

  test("the clock is moved on: who is late is reminded in the card's thread, and the page follows Latchkey's time", async () => {
    await become("Chloe Dubois");
    await type("/request-access salesforce");
    await modal().getByLabel("Why do you need it?").fill("To watch the clock");
    await pick("Sales region", "EM", "EMEA");
    await send("Send request");
    const [, number = ""] =
      /Sent as request (\d+)/.exec(
        String(
          await page
            .getByTestId("messages")
            .getByText(/Sent as request \d/)
            .textContent(),
        ),
      ) ?? [];
    await card(`Request ${number}: Salesforce`).waitFor();

    const clock = page.getByTestId("clock");
    await clock.getByText("Clock, real time in Europe/Berlin").waitFor();
    await clock.getByRole("button").click();
    await clock.getByText("only moves forward").waitFor();
    await button(clock, "Two working days later").click();
    await clock.getByText("Clock, 2 working days ahead").waitFor();
    await page.getByTestId("timeline").getByText("Reminder 1 for Ines Moreau").waitFor();
    await page.getByTestId("guide").getByRole("button", { name: "Switch to" }).first().click();
    const late = page.getByTestId("message").filter({ hasText: "To watch the clock" });
    // Where the two days end at the very minute of the second reminder, it may have come too.
    await late
      .getByRole("button", { name: /repl(y|ies)/ })
      .first()
      .click();
    const thread = page.getByTestId("thread");
    await thread.getByText("this waits for you since").first().waitFor();
    // Card and reminder are of different days: the reminder bears the working day on which it was due, though the clock stands later.
    expect(await thread.locator("time").filter({ hasText: /day/ }).count()).toBeGreaterThanOrEqual(2);
  });
});

/** The page as the server hands it out, compiled anew when a source of it has changed since. */
async function compiledPage(): Promise<void> {
  const sources = path.join(ROOT, "src/playground/page");
  const newest = Math.max(
    ...readdirSync(sources, { recursive: true, encoding: "utf8" }).map((name) => statSync(path.join(sources, name)).mtimeMs),
  );
  const compiled = statSync(path.join(ROOT, "dist/page/index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (compiled < newest) await build({ configFile: path.join(sources, "vite.config.ts"), logLevel: "error" });
}
