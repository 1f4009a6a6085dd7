import { availableParallelism, hostname, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Browser, type Page } from "playwright-core";
import { LIMITS } from "../protocol/limits.ts";
import { findBrowser } from "./find-browser.ts";
import { createJoinReport, type JoinReport } from "./join-report.ts";
import { verifiedKey } from "./verified-key.ts";

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
const LOAD_TIMEOUT_MS = 30_000;
/** For giving the tasks back; after it the lease does so by itself. */
const GOODBYE_TIMEOUT_MS = 3_000;
/** Why it stopped by itself. */
const SIGN_IN_NEEDED = Symbol("sign in needed");

export interface JoinOptions {
  readonly slots?: number | undefined;
  readonly name?: string | undefined;
  /** An API token of whom it works for; undefined: nobody. */
  readonly token?: string | undefined;
}

/**
 * `manyhands join`: a Compute Server without a screen, in the very sandbox of a visible one. Runs until Ctrl-C.
 * A hub that restarts, a page that crashes and a browser that ends are come over.
 */
export async function join(hubUrl: string, options: JoinOptions): Promise<void> {
  const executablePath = await findBrowser();
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, onSignal);

  const slots = options.slots ?? availableParallelism();
  const settings = new URLSearchParams({ slots: String(slots), name: options.name ?? hostname(), memory: String(memoryMiB()), ...(options.token === undefined ? {} : { token: "ask" }) });
  const pageUrl = `${hubUrl}/headless.html#${settings}`;
  const report = createJoinReport((line) => console.log(line));
  report.note(`Joining ${hubUrl}, ${slots} ${slots === 1 ? "task" : "tasks"} at a time, by ${executablePath}. Ctrl-C stops.`);
  let browser: Browser | undefined;
  let retryMs = FIRST_RETRY_MS;
  while (!stop.signal.aborted) {
    try {
      if (browser?.isConnected() !== true) browser = await launch(executablePath, await verifiedKey(hubUrl));
      report.note(await contribute(browser, { pageUrl, token: options.token }, report, stop, () => { retryMs = FIRST_RETRY_MS; }));
    } catch (error) {
      report.note(`Cannot join ${hubUrl}: ${firstLine(error)}. Trying again.`);
      // The hub may have another key by now, which the browser has to be started with.
      if (hubUrl.startsWith("https:")) await browser?.close();
    }
    await sleep(retryMs, undefined, { signal: stop.signal }).catch(ignoreAbort);
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  }
  await browser?.close();
  if (stop.signal.reason === SIGN_IN_NEEDED) throw new Error(`Cannot join ${hubUrl}: it takes Compute Servers of accounts that may lend a hand. Sign in with: manyhands sign-in ${hubUrl}   (or give a token with the scope "compute" by --token or MANYHANDS_TOKEN)`);
  report.note("Stopped. Thank you for lending a hand.");
}

/** What this computer has, or what its container may use. */
function memoryMiB(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.max(1, Math.min(LIMITS.memoryMiB, Math.floor(bytes / 2 ** 20)));
}

function launch(executablePath: string, key: string | null): Promise<Browser> {
  // Chromium's own sandbox cannot be set up by root; whoever is not root keeps it, and Playwright would switch it off.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    chromiumSandbox: !isRoot,
    args: ["--disable-gpu", "--disable-quic", ...(key === null ? [] : [`--ignore-certificate-errors-spki-list=${key}`]), ...(isRoot ? ["--no-sandbox"] : [])],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

interface OpenedAs {
  readonly pageUrl: string;
  readonly token: string | undefined;
}

/** Computes in a page of its own until that is lost or not wanted any more; answers why it ended. Throws where it cannot be opened. */
async function contribute(browser: Browser, { pageUrl, token }: OpenedAs, report: JoinReport, stop: AbortController, onOpened: () => void): Promise<string> {
  const page = await browser.newPage();
  try {
    page.on("console", (message) => {
      // What the browser itself remarks, on headers and the like, has no arguments, and is nothing to the volunteer.
      if (message.args().length > 0 && !report.line(message.text())) stop.abort(SIGN_IN_NEEDED);
    });
    // At each load of the page, and by no address: those end up in logs and lists of processes.
    if (token !== undefined) page.on("domcontentloaded", () => void page.evaluate(`globalThis.manyhandsToken?.(${JSON.stringify(token)})`).catch(ignoreClosed));
    const ended = lostOrStopped(page, browser, stop.signal);
    const response = await page.goto(pageUrl, { waitUntil: "load", timeout: LOAD_TIMEOUT_MS });
    if (response?.ok() !== true) throw new Error(`${pageUrl} answers ${response?.status() ?? "nothing"}`);
    onOpened();
    return await ended;
  } finally {
    await close(page);
  }
}

/** Waits until the page is of no more use, and says why. */
function lostOrStopped(page: Page, browser: Browser, stop: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const end = (reason: string) => {
      browser.off("disconnected", onDisconnected);
      stop.removeEventListener("abort", onStop);
      resolve(reason);
    };
    const onDisconnected = () => end("The browser ended; it is started anew.");
    const onStop = () => end("Stopping: what is not finished is given back.");
    browser.once("disconnected", onDisconnected);
    stop.addEventListener("abort", onStop);
    page.once("crash", () => end("The page crashed; it is opened anew."));
    page.once("close", () => end("The page was closed; it is opened anew."));
    page.on("requestfailed", (request) => {
      // A page that reloads itself while the hub is away ends on the browser's page of errors, and stays there.
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) end("The hub was away when the page was loaded again; it is opened anew.");
    });
    if (stop.aborted) onStop();
  });
}

/** Lets the page say goodbye, so that its tasks are given back at once; its workers end when that is done. */
async function close(page: Page): Promise<void> {
  if (page.isClosed()) return;
  const workersEnded = Promise.all(page.workers().map((worker) => new Promise((resolve) => { worker.once("close", resolve); })));
  // A page that crashed cannot be told any more: then the lease ends what it held.
  const told = page.evaluate("globalThis.manyhands?.stop()").then(() => workersEnded, () => undefined);
  await Promise.race([told, sleep(GOODBYE_TIMEOUT_MS, undefined, { ref: false })]);
  await page.close();
}

/** A page that is gone meanwhile is opened anew, and asks again. */
function ignoreClosed(): void {}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "AbortError") throw error;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? text;
}
