import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { build } from "vite";
import { sandboxHtml } from "../scripts/build-sandbox.ts";
import type { ComputeServerState } from "./host/compute-server-state.ts";
import { TestHub } from "./test-hub.ts";
import type { TestApi } from "./test-page/main.ts";

declare global {
  var testApi: TestApi;
}

const ARGUMENTS = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** How long a step on a page may take: a machine with more to do than processors is slow, not wrong. It ends before vitest's own limit, to say which step it was. */
const STEP_TIMEOUT_MS = 100_000;

/** What Chromium says of the sandbox's headers: some are for other browsers. */
const EXPECTED = ["directive 'webrtc'", "origin-keyed agent cluster"];

/** A real browser and the pages under test, built as they are shipped. */
export class TestBrowser {
  readonly browser: Browser;
  readonly #folder: string;
  readonly #sandboxHtml: string;

  private constructor(browser: Browser, folder: string, html: string) {
    this.browser = browser;
    this.#folder = folder;
    this.#sandboxHtml = html;
  }

  static async start(): Promise<TestBrowser> {
    const root = join(import.meta.dirname, "..");
    const folder = await mkdtemp(join(tmpdir(), "manyhands-worker-"));
    const pages = ["test-page", "headless"].map((page) => join(root, "worker", page, "index.html"));
    await build({
      configFile: false, root, logLevel: "error", publicDir: false, worker: { format: "es" },
      build: { outDir: folder, emptyOutDir: true, target: "es2023", minify: false, rolldownOptions: { input: pages } },
    });
    const executablePath = process.env["MANYHANDS_BROWSER"] ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: STEP_TIMEOUT_MS });
    browser.on("context", (context) => context.setDefaultTimeout(STEP_TIMEOUT_MS));
    return new TestBrowser(browser, folder, await sandboxHtml());
  }

  hub(): Promise<TestHub> {
    return TestHub.start({ folders: [this.#folder], sandboxHtml: this.#sandboxHtml });
  }

  /** A page of its own profile, with the test's means in it. */
  async page(hub: TestHub): Promise<Page> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error("page error:", error));
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.some((text) => message.text().includes(text))) console.error("page console:", message.text());
    });
    await page.goto(`${hub.url}/worker/test-page/index.html`);
    await page.waitForFunction(() => globalThis.testApi !== undefined);
    return page;
  }

  /** A page that computes. */
  async computeServer(hub: TestHub, slots: number, cpuShare = 1): Promise<Page> {
    const page = await this.page(hub);
    await page.evaluate(({ slots, place, cpuShare }) => globalThis.testApi.create(slots, place, cpuShare), { slots, cpuShare, place: placeOf(hub) });
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export function placeOf(hub: TestHub) {
  return { sandboxOrigin: hub.sandboxOrigin, hubUrl: hub.url };
}

export async function stateOf(page: Page): Promise<ComputeServerState> {
  const state = await page.evaluate(() => globalThis.testApi.server?.state() ?? null);
  if (state === null) throw new Error("Cannot read the state: no Compute Server was made");
  return state;
}
