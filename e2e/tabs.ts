import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { findBrowser } from "../cli/find-browser.ts";
import type { HubProcess } from "./hub-process.ts";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** How long a step on a page may take: a machine with more to do than processors is slow, not wrong. It ends before vitest's own limit, to say which step it was. */
const STEP_TIMEOUT_MS = 100_000;

/** The real browser in which tabs compute and people look. */
export async function launchBrowser(...flags: string[]): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: [...FLAGS, ...flags], timeout: STEP_TIMEOUT_MS });
  return browser.on("context", (context) => context.setDefaultTimeout(STEP_TIMEOUT_MS));
}

/** A tab that lends a hand without a screen, in a profile of its own. */
export async function openHeadlessTab(browser: Browser, hub: HubProcess, slots = 1): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${hub.url}/headless.html#slots=${slots}&name=test-tab`);
  return { page, context };
}

/** Polls until the condition holds; fails with its last answer when it does not in time. */
export async function until<T>(what: string, probe: () => Promise<T>, holds: (value: T) => boolean, timeoutMs = 90_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}; it is ${JSON.stringify(value)}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
