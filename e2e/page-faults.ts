import type { Page } from "playwright-core";

/** What Chromium says of the sandbox's headers: these are for other browsers. */
const FOR_OTHER_BROWSERS = ["directive 'webrtc'", "origin-keyed agent cluster"];

/** Collects what a page may not have: errors on its console, violations of its policy among them, and errors that nobody caught. */
export function watchFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !FOR_OTHER_BROWSERS.some((part) => text.includes(part))) faults.push(`${text} (${message.location().url})`);
  });
  return faults;
}
