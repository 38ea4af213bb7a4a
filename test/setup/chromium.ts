/** Tests that need a browser. They are skipped, saying why, where none is installed; CI installs Debian's. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** `CHROMIUM_PATH`, /usr/bin/chromium, or the first Chromium or Chrome on the PATH; null when there is none. */
export function chromiumPath(): string | null {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const candidates = [process.env.CHROMIUM_PATH ?? "", "/usr/bin/chromium", ...onPath];
  return candidates.find((path) => path !== "" && isExecutable(path)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Nothing of the browser's own may go to the network: tests run where there is none. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Like `describe`, with one headless Chromium for all tests in it. */
export function describeInChromium(title: string, body: (browser: () => Browser) => void): void {
  const executablePath = chromiumPath();
  if (executablePath === null) {
    describe.skip(`${title} (skipped: no Chromium found; install chromium or set CHROMIUM_PATH)`, () => body(absent));
    return;
  }
  describe(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
    });
    afterAll(async () => {
      await browser?.close();
    });
    body(() => browser ?? absent());
  });
}

function absent(): never {
  throw new Error("the browser has not been started");
}
