import { describe, expect, test } from "vitest";
import { mrkdwn, plain } from "../../src/playground/page/blocks/mrkdwn.ts";
import { slackDate } from "../../src/playground/page/blocks/slack-date.ts";

const section = (...elements: unknown[]) => [{ type: "rich_text_section", elements }];
const text = (said: string, style?: object) => ({ type: "text", text: said, ...(style ? { style } : {}) });

describe("mrkdwn reads as Slack reads it", () => {
  test("bold, italic, strike and code, one inside the other", () => {
    expect(mrkdwn("*Bold _and italic_* ~gone~ `a*b*`")).toEqual(
      section(
        text("Bold ", { bold: true }),
        text("and italic", { bold: true, italic: true }),
        text(" "),
        text("gone", { strike: true }),
        text(" "),
        text("a*b*", { code: true }),
      ),
    );
  });

  test.each(["2*3*4", "snake_case_name", "* a list, not bold*", "*never closed", "*not\nover lines*", "[x](y)", "**", "a ` b"])(
    "no markup where Slack sees none: %j",
    (said) => {
      expect(mrkdwn(said)).toEqual(section(text(said)));
    },
  );

  test("what people typed stays text once the app has escaped it", () => {
    expect(mrkdwn("&lt;!channel&gt; &lt;@U1&gt; &amp;lt; &lt;https://x.example|here&gt;")).toEqual(
      section(text("<!channel> <@U1> &lt; <"), { type: "link", url: "https://x.example" }, text("|here>")),
    );
  });

  test("plain_text knows no markup at all but emoji, and those only where it may", () => {
    const said = "*a* _b_ <@U1> &lt; `c` https://x.example :key:";
    expect(plain(said, false)).toEqual(section(text(said)));
    expect(plain(said, true)).toEqual(section(text("*a* _b_ <@U1> &lt; `c` https://x.example "), { type: "emoji", name: "key" }));
  });

  test("people, channels, groups, everybody, links and dates", () => {
    expect(mrkdwn("<@U1> <#C1|ops> <!here> <https://x.example/?a=1&amp;b=2|the *x*> <!date^60^{time}|later>")).toEqual(
      section(
        { type: "user", user_id: "U1" },
        text(" "),
        { type: "channel", channel_id: "C1" },
        text(" "),
        { type: "broadcast", range: "here" },
        text(" "),
        { type: "link", url: "https://x.example/?a=1&b=2", text: "the *x*" },
        text(" "),
        { type: "date", timestamp: 60, format: "{time}", fallback: "later" },
      ),
    );
  });

  test("quotes and preformatted text stand apart, with their lines", () => {
    expect(mrkdwn("before\n&gt; one\n> *two*\nafter\n```\nlogin: a\n  b\n```\nend")).toEqual([
      ...section(text("before")),
      { type: "rich_text_quote", elements: [text("one\n"), text("two", { bold: true })] },
      ...section(text("after\n")),
      { type: "rich_text_preformatted", elements: [text("login: a\n  b")] },
      ...section(text("end")),
    ]);
  });

  test("an unknown emoji stays as it was typed", () => {
    expect(mrkdwn("12:30:45 :no_such_thing:")).toEqual(section(text("12:30:45 :no_such_thing:")));
  });
});

describe("dates are the reader's", () => {
  const at = Date.UTC(2026, 10, 21, 23, 30) / 1000;
  test.each([
    ["Europe/Berlin", "en-GB", "{date} {time}", "22 November 2026 00:30"],
    ["Europe/Berlin", "en-US", "{date} {time}", "November 22, 2026 12:30 AM"],
    ["America/New_York", "en-US", "{date_short} {time}", "Nov 21, 2026 6:30 PM"],
    ["Asia/Singapore", "en-GB", "{date_num}", "2026-11-22"],
    ["America/New_York", "en-US", "{date_short_pretty} at {time}", "Today at 6:30 PM"],
    ["Europe/Berlin", "en-GB", "{date_pretty}", "Tomorrow"],
    ["Europe/Berlin", "en-GB", "{nonsense}", "{nonsense}"],
  ])("in %s for %s, %s", (tz, locale, format, shown) => {
    expect(slackDate(at, format, { tz, locale, now: Date.UTC(2026, 10, 21, 20) })).toBe(shown);
  });
});
