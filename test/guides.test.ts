/**
 * The guides for people who use Latchkey in Slack: what they tell to press or to write is there. In them **bold** is what stands on the screen,
 * word for word, and `code` is what one writes: a chat command, a line for a terminal, or a name of the configuration.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { help } from "../src/texts/en/channel.ts";
import { typedCommands } from "../src/texts/en/steering.ts";

const GUIDES = ["requester", "approver", "fulfiller", "administrator"] as const;
const read = (file: string) => readFileSync(file, "utf8");

/** Every string that the catalogue of texts holds, as it is written there. */
const SAID = new Set(
  readdirSync("src/texts/en").flatMap((file) => [...read(`src/texts/en/${file}`).matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text)),
);
/** What Slack shows of the app: its name. */
const OF_SLACK = new Set(["Latchkey"]);

describe.each(GUIDES)("docs/%s.md", (name) => {
  const page = read(`docs/${name}.md`);
  const prose = page.replaceAll(/```[\s\S]*?```/g, "");

  test("every button, tab, heading and report that it names is called so on the screen", () => {
    const named = [...prose.matchAll(/\*\*(.+?)\*\*/g)].map(([, label = ""]) => label);
    expect(named.length).toBeGreaterThan(3);
    // "**It takes long.**": the beginning of a paragraph about what is wrong, not a label.
    const labels = named.filter((label) => !isTrouble(prose, label));
    expect(labels.filter((label) => !SAID.has(label) && !OF_SLACK.has(label))).toEqual([]);
  });

  test("every command that it tells to write is known to Latchkey", () => {
    const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
    const written = spans.filter((span) => !/\.(?:yaml|csv)$/.test(span) && span !== "administrators");
    expect(written.length).toBeGreaterThan(3);
    const commands = help.commands.map((line) => line.split(" ")[0]);
    const unknown = written.filter((span) => {
      const [first = "", second] = span.split(" ");
      if (first.startsWith("/"))
        return !commands.includes(first) || (first === "/access" && second !== undefined && !(second in typedCommands));
      return !(first in typedCommands);
    });
    expect(unknown).toEqual([]);
  });

  test("every line for a terminal stands in README's list of commands", () => {
    const readme = read("README.md");
    const lines = [...page.matchAll(/^npm run latchkey -- (\w+(?: (?:check|plan|apply|link|links|unlink))?)/gm)].map(
      ([, line = ""]) => line,
    );
    expect(lines.length).toBe(name === "administrator" ? 7 : 0);
    expect(lines.filter((line) => !new RegExp(`^\\| \`npm run latchkey -- ${line}[ \`]`, "m").test(readme))).toEqual([]);
  });

  test("it is one page, with pictures, and README leads to it", () => {
    expect(page.split(/\s+/).length).toBeLessThan(1_000);
    expect([...page.matchAll(/!\[[^\]]{10,}\]\(screenshots\/[\w-]+\.png\)/g)].length).toBeGreaterThan(1);
    expect(read("README.md")).toContain(`(docs/${name}.md)`);
  });
});

test("docs/administrator.md says of each report to administrators what to do", () => {
  const titles = [...read("src/texts/en/alerts.ts").matchAll(/^ {4}title: "(.+)",$/gm)].map(([, title = ""]) => title);
  expect(titles.length).toBeGreaterThan(7);
  const page = read("docs/administrator.md");
  expect(titles.filter((title) => !page.includes(`| **${title}**`))).toEqual([]);
});

/** Bold words that begin an item of a list are the trouble that it is about. */
const isTrouble = (prose: string, label: string) => prose.includes(`\n- **${label}**`);
