import type { Page } from "puppeteer-core";

declare global {
  var lagGaps: [from: number, to: number][] | undefined;
}

/** A gap between two ticks that is shorter is no matter. */
const NOTED_MS = 30;

/** Times between which nothing ticked, by the machine's clock, in ms. */
type Gaps = readonly (readonly [from: number, to: number])[];

const TICKING = `
  globalThis.lagGaps = [];
  let last = performance.timeOrigin + performance.now();
  const tick = () => {
    const now = performance.timeOrigin + performance.now();
    if (now - last > ${NOTED_MS}) tell([last, now]);
    last = now;
    setTimeout(tick, 5);
  };
  tick();`;

/** Begins to note when this page's UI thread does not get round to a timer. */
export async function watchUi(page: Page): Promise<void> {
  await page.evaluate(`{ const tell = (gap) => lagGaps.push(gap); ${TICKING} }`);
}

/** The same for a thread of another page that has nothing to do: when it stands still, the machine was busy elsewhere. */
export async function watchIdleThread(page: Page): Promise<void> {
  const script = `const tell = (gap) => postMessage(gap); ${TICKING}`;
  await page.evaluate(`globalThis.lagGaps = []; new Worker(URL.createObjectURL(new Blob([${JSON.stringify(script)}]))).onmessage = ({ data }) => lagGaps.push(data);`);
}

async function takeGaps(page: Page): Promise<Gaps> {
  return page.evaluate(() => (globalThis.lagGaps ?? []).splice(0));
}

/**
 * The longest time, in ms since this was asked last, for which the UI thread stood still while the idle thread did not:
 * what the page itself was held up, without what the machine did to both.
 */
export async function uiBlockedMs(ui: Page, idle: Page): Promise<number> {
  const [blocked, standstills] = [await takeGaps(ui), await takeGaps(idle)];
  let longest = 0;
  for (const [from, to] of blocked) {
    const together = standstills.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0);
    longest = Math.max(longest, to - from - together);
  }
  return Math.round(longest);
}
