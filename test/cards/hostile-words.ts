/** The worst that people could write, in any place where they may write. */
import fc from "fast-check";
import { anyCharacter } from "../setup/characters.ts";

const MARKUP = [
  "<!channel>",
  "<!here|here>",
  "<!everyone>",
  "<@U0CEO>",
  "<#C0GENERAL|general>",
  "<!subteam^S1|team>",
  "<https://evil.example|Approve>",
  "<mailto:x@evil.example|mail>",
  "https://evil.example/login?a=b&c=<d>",
  "[click](https://evil.example)",
  "*bold* _it_ ~no~ `code` ```block``` > quote",
  ":white_check_mark: :tada: :smile: :slack_call:",
  "@channel @everyone @here #general",
  "<!date^1^{date}^https://evil.example|now>",
  "&lt;!channel&gt; &amp; &#60;!here&#62;",
  '"quotes" \\ {json: "no"} $x {{ person.email }} %s',
  "=1+1",
  "@SUM(A1)",
  "-- drop",
  "__proto__",
  "constructor",
];

const UNSEEN = [
  "\u202Egnp.exe\u202C",
  "\u2066hidden\u2069\u200B\u200D\uFEFF",
  "\u2069\u2069\u202C\u202C closes what it never opened",
  "\u2067\u2067\u202B opens and never closes",
  "S\u200Ba\u200Bl\u200Be\u200Bs\u00ADforce",
  "\u200F\u061C\u200E",
  "\u{E0041}\u{E0042}tagged",
  "line\r\nbreak\u2028more\u2029and\u0085more\v\f\u0000\u0007\u001B[31m\u009B2J",
  "\uD800 lone \uDC00",
  "\uDC00\uD800",
  "\uFFF9annotated\uFFFB\u3164\u115F\u17B4\u180E\u2800",
];

const SCRIPTS = [
  "مرحبا بالعالم",
  "שלום (12) 5",
  "نعم ABC לא 123, 4",
  "Ѕаlеsfоrсе",
  "Ｓａｌｅｓｆｏｒｃｅ",
  "Z͑̽̅a̴̡l̷g̸o̶".repeat(3),
  `a${"\u0301".repeat(400)}`,
  "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣",
  "दस्तख़त क्‍ष ക്‍",
  "漢字かな交じり文",
  "ß İ ı ſ ﬁ",
];

const EMPTY = ["", " ", "\n\n\n", "\t", "\u00A0\u3000", "\u200B", "-", "."];

const LONG = [
  "x".repeat(5_000),
  "😀".repeat(2_000),
  "<".repeat(1_500),
  "&".repeat(3_000),
  "word ".repeat(2_000),
  "a\n".repeat(5_000),
  "שלום ".repeat(2_000),
  `${"é".repeat(2_999)}\uD83D`,
  "漢".repeat(10_000),
  "\u202E".repeat(10_000),
  `${"\u0301".repeat(10_000)}`,
  `${"line of instructions, number one\n".repeat(300)}the last line`,
];

const any = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...MARKUP) },
  { weight: 4, arbitrary: fc.constantFrom(...UNSEEN) },
  { weight: 4, arbitrary: fc.constantFrom(...SCRIPTS) },
  { weight: 2, arbitrary: fc.constantFrom(...EMPTY) },
  { weight: 2, arbitrary: fc.string({ unit: anyCharacter, maxLength: 120 }) },
  { weight: 3, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);

/** Anything, seldom more than a few lines long. */
export const words: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: any },
  { weight: 3, arbitrary: fc.tuple(any, any, any).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);

/** Anything, often 5,000 to 10,000 characters of it. */
export const longWords: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: words },
  { weight: 3, arbitrary: fc.constantFrom(...LONG) },
);

/** What the rules let people type: at most so many characters, and not nothing. */
export const typed = (most: number): fc.Arbitrary<string> =>
  longWords.map((text) => text.slice(0, most)).filter((text) => text.trim() !== "");
