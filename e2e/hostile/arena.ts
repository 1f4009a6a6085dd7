import type { Browser, Page } from "puppeteer-core";
import type { Job } from "../../protocol/http/job.ts";
import type { ResultLine } from "../../protocol/http/result.ts";
import { HubProcess } from "../hub-process.ts";
import { allResults, busySquare, ended, submitRange } from "../jobs.ts";
import { until } from "../tabs.ts";
import { Canary } from "./canary.ts";
import { asExecutable, asExpression, type HostileCase } from "./cases.ts";
import { launch, type Engine } from "./engines.ts";
import { FirstWallGone } from "./first-wall-gone.ts";
import { uiBlockedMs, watchIdleThread, watchUi } from "./lag.ts";

/** One for the hostile job, one for the honest job beside it. */
const SLOTS = 2;
const HONEST_TASKS = 20;
const HONEST = busySquare(5);
/** Which worker answered: by the moment at which it began. */
const PROBE = "export default (n) => { const end = Date.now() + 30; while (Date.now() < end); return [n * n, performance.timeOrigin]; }";
/** A task that answers is not to be judged by the machine's speed. */
const ANSWERED_WITHIN_MS = 30_000;
/** What hostile code in a document is waited for, and then what it has set under way. */
const IN_FRAME_MS = 1_000;
const UNDER_WAY_MS = 150;

/** How a hostile job ended: as a job of the hub, with its outcomes, or refused at its submission with these words. */
export type Ending = { readonly job: Job; readonly lines: readonly ResultLine[] } | { readonly refusal: string };

/** What became of hostile jobs, by their case's name, and of all around them meanwhile. */
export interface Fought {
  readonly endings: ReadonlyMap<string, readonly Ending[]>;
  /** The longest time for which the volunteer's page, and it alone, did not answer. */
  readonly uiBlockedMs: number;
  /** From the end of the hostile job until both slots had answered a task. */
  readonly freshSlotsMs: number;
  readonly hits: readonly string[];
}

/** A real hub, a real browser with a volunteer's tab in it, and the canary beside them. */
export class Arena {
  readonly browser: Browser;
  readonly hub: HubProcess;
  readonly canary: Canary;
  #openPage: Page | null = null;
  #tab: Page | null = null;
  #gone: FirstWallGone | null = null;

  private constructor(browser: Browser, hub: HubProcess, canary: Canary) {
    this.browser = browser;
    this.hub = hub;
    this.canary = canary;
  }

  static async open(engine: Engine): Promise<Arena> {
    const [browser, hub, canary] = await Promise.all([launch(engine), HubProcess.start(), Canary.open()]);
    const arena = new Arena(browser, hub, canary);
    await arena.renewOpenPage();
    return arena;
  }

  /** Opens the page without a sandbox in place of the one before: what ran there has ended, and cannot keep the new one from loading. */
  async renewOpenPage(): Promise<void> {
    const before = this.#openPage;
    this.#openPage = await this.browser.newPage();
    await before?.close();
    await this.#openPage.goto(this.canary.pageUrl);
    await watchIdleThread(this.#openPage);
  }

  /** The page without a sandbox, of the canary itself. */
  get openPage(): Page {
    if (this.#openPage === null) throw new Error("Cannot find the page without a sandbox: none is open");
    return this.#openPage;
  }

  get tab(): Page {
    if (this.#tab === null) throw new Error("Cannot find the volunteer's tab: none is open");
    return this.#tab;
  }

  /** What hostile code is told of the world. */
  get input(): { canary: string; hub: string } {
    return { canary: this.canary.address, hub: this.hub.url.replace("http://", "") };
  }

  /** Opens the volunteer's tab in place of the one before. */
  async openTab(walls: "both" | "policy"): Promise<void> {
    await this.#closeTab();
    const gone = walls === "policy" ? await FirstWallGone.before(this.hub.url) : null;
    const page = await this.browser.newPage();
    await page.goto(`${gone?.url ?? this.hub.url}/headless.html#slots=${SLOTS}&name=volunteer`);
    await until("the tab computes", () => this.hub.client.computeServers(), ({ computeServers }) => computeServers.some(({ connected }) => connected));
    await watchUi(page);
    this.#tab = page;
    this.#gone = gone;
    await this.#freshSlots();
  }

  /** Submits the cases, all at once, with an honest job beside them, and sees what became of everything. */
  async fight(...cases: readonly HostileCase[]): Promise<Fought> {
    let endings: Fought["endings"] = new Map();
    const seen = await this.fightWhile(async () => {
      endings = new Map(await Promise.all(cases.map(async (hostile) => [hostile.name, await this.#runCase(hostile)] as const)));
    });
    return { ...seen, endings };
  }

  /** As many honest jobs at once, each with a module of its own. */
  async honestJobs(count: number): Promise<Omit<Fought, "endings">> {
    return this.fightWhile(async () => {
      const jobs = Array.from({ length: count }, (_, i) => submitRange(this.hub, `honest ${i}`, `${HONEST} // ${i}`, 0, 1));
      await Promise.all(jobs.map(async (jobId) => ended(this.hub, await jobId)));
    });
  }

  /** The same around anything. */
  async fightWhile(act: () => Promise<unknown>): Promise<Omit<Fought, "endings">> {
    await uiBlockedMs(this.tab, this.openPage);
    this.canary.hits.length = 0;
    const honest = submitRange(this.hub, "honest", HONEST, 0, HONEST_TASKS, { maxAttempts: 1 });
    await act();
    const endedAt = performance.now();
    await this.#freshSlots();
    const freshSlotsMs = Math.round(performance.now() - endedAt);
    await this.#expectHonest(await honest);
    return { freshSlotsMs, uiBlockedMs: await uiBlockedMs(this.tab, this.openPage), hits: [...this.canary.hits] };
  }

  /** Evaluates the case in the document of a slot's frame, as if job code had come through its worker. Answers what it answers. */
  async fightInFrame(hostile: HostileCase): Promise<Omit<Fought, "endings"> & { readonly answer: unknown }> {
    const text = await asExpression(hostile, this.input);
    let answer: unknown;
    const seen = await this.fightWhile(async () => {
      // The last waits for the next job; the one before it has just run one, and is not about to be tidied away.
      const frame = this.tab.frames().filter((one) => one.url().includes("/sandbox/frame.html")).slice(-2)[0];
      if (frame === undefined) throw new Error("Cannot find the sandbox's frame");
      const evaluated = frame.evaluate(text).catch(() => undefined); // it may have taken its own frame away
      answer = await Promise.race([evaluated, new Promise((resolve) => { setTimeout(resolve, IN_FRAME_MS); })]);
      await new Promise((resolve) => { setTimeout(resolve, UNDER_WAY_MS); });
    });
    return { ...seen, answer };
  }

  async #runCase(hostile: HostileCase): Promise<readonly Ending[]> {
    if (hostile.twice === "in turn") return [await this.#run(hostile), await this.#run(hostile)];
    if (hostile.twice === "no") return [await this.#run(hostile)];
    return Promise.all([this.#run(hostile), this.#run(hostile)]);
  }

  async #run(hostile: HostileCase): Promise<Ending> {
    const submission = this.hub.client.submit({
      name: hostile.name, executable: { source: await asExecutable(hostile) }, inputs: [this.input],
      options: { maxAttempts: 1, taskTimeoutMs: hostile.timeMs ?? ANSWERED_WITHIN_MS },
    });
    const jobId = await submission.then((submitted) => submitted.jobId, (error: unknown) => error);
    if (typeof jobId !== "string") return { refusal: String(jobId) };
    const job = await ended(this.hub, jobId);
    return { job, lines: await allResults(this.hub, jobId) };
  }

  /** As many tasks as slots, each answered by a slot of its own. */
  async #freshSlots(): Promise<void> {
    for (;;) {
      const jobId = await submitRange(this.hub, "are all slots there?", PROBE, 0, SLOTS, { maxAttempts: 1 });
      const job = await ended(this.hub, jobId);
      if (job.state !== "completed") throw new Error(`An honest task after a hostile one was not answered: ${JSON.stringify(job.failures)}`);
      const workers = (await allResults(this.hub, jobId)).map((line) => "output" in line && Array.isArray(line.output) ? line.output[1] : null);
      if (new Set(workers).size === SLOTS) return;
    }
  }

  async #expectHonest(jobId: string): Promise<void> {
    const job = await ended(this.hub, jobId);
    const lines = await allResults(this.hub, jobId);
    const right = lines.length === HONEST_TASKS && lines.every((line) => "output" in line && line.output === line.index ** 2);
    if (job.state !== "completed" || !right) throw new Error(`The honest job beside it was disturbed: ${JSON.stringify({ job, lines })}`);
  }

  async #closeTab(): Promise<void> {
    await this.#tab?.close();
    this.#gone?.close();
    this.#tab = null;
    this.#gone = null;
    await until("no tab computes", () => this.hub.client.computeServers(), ({ computeServers }) => computeServers.every(({ connected }) => !connected));
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.#gone?.close();
    this.canary.close();
    await this.hub.remove();
  }
}
