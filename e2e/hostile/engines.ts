import puppeteer, { type Browser } from "puppeteer-core";
import { findBrowser } from "../../cli/find-browser.ts";
import { findFirefox } from "../../scripts/find-firefox.ts";

export type Engine = "chromium" | "firefox";

const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** The canary listens on loopback, which a Firefox's peer connections leave alone unless they are told. */
const ALSO_ON_LOOPBACK = { "media.peerconnection.ice.loopback": true };
/** How long the driver waits for one answer of a browser. */
const PROTOCOL_TIMEOUT_MS = 100_000;

/** The real browser, driven over WebDriver BiDi where it is a Firefox. */
export async function launch(engine: Engine): Promise<Browser> {
  if (engine === "chromium") {
    return puppeteer.launch({ browser: "chrome", executablePath: await findBrowser(), headless: true, args: CHROMIUM_FLAGS, protocolTimeout: PROTOCOL_TIMEOUT_MS });
  }
  return puppeteer.launch({ browser: "firefox", executablePath: await findFirefox(), headless: true, protocolTimeout: PROTOCOL_TIMEOUT_MS, extraPrefsFirefox: ALSO_ON_LOOPBACK });
}
