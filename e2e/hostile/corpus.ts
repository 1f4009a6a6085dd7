import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../tabs.ts";
import { Arena, type Ending, type Fought } from "./arena.ts";
import { asExpression, casesOf, type HostileCase } from "./cases.ts";
import type { Engine } from "./engines.ts";

/** What hostile code may cost the volunteer's page, over what honest code in the same place costs it on this machine. */
const UI_BLOCKED_MS = 100;
const FRESH_SLOTS_MS = 2_000;
/** What is measured in time is measured again where it is too much: a hostile job is hostile every time, a busy machine is not. */
const ROUNDS = 3;

/** All that answers or is refused at once can be tried at once. */
const QUICK = ["network", "authority", "protocol"] as const;
const SLOW = ["cpu", "floods", "memory"] as const;

type Timed = Pick<Fought, "uiBlockedMs" | "freshSlotsMs">;

/** Runs the whole corpus in one browser: each test is one claim. */
export function hostileCorpus(engine: Engine): void {
  let arena: Arena;
  let honest: Timed;
  beforeAll(async () => {
    arena = await Arena.open(engine);
  });
  afterAll(() => arena.close());

  /** Fights until nothing took too long, at most some rounds. */
  async function fairly<T extends Timed>(fight: () => Promise<T>, check: (fought: T) => void, { beside = honest, timed = true }: { beside?: Timed; timed?: boolean } = {}): Promise<void> {
    for (let round = 1; ; round++) {
      const fought = await fight();
      check(fought);
      const uiMs = fought.uiBlockedMs - beside.uiBlockedMs;
      const freshMs = fought.freshSlotsMs - beside.freshSlotsMs;
      if (!timed || (uiMs <= UI_BLOCKED_MS && freshMs <= FRESH_SLOTS_MS)) return;
      if (round === ROUNDS) throw new Error(`${ROUNDS} times: the page stood still for ${fought.uiBlockedMs} ms (${beside.uiBlockedMs} beside honest code), slots were there after ${fought.freshSlotsMs} ms (${beside.freshSlotsMs})`);
    }
  }

  test("the canary: hears whoever calls it by HTTP, WebSocket or UDP from a page without a sandbox", async () => {
    for (const hostile of [...casesOf("network"), ...casesOf("frame")].filter(({ name }) => CONTROLS.has(name))) {
      arena.canary.hits.length = 0;
      const text = await asExpression(hostile, arena.input);
      await arena.openPage.evaluate(`Promise.race([${text}, new Promise((resolve) => setTimeout(resolve, 1000))]).then(() => undefined, () => undefined)`);
      const expected = CONTROLS.get(hostile.name);
      await until(`the canary has heard ${hostile.name}`, () => Promise.resolve([...arena.canary.hits]), (hits) => hits.some((hit) => expected?.test(hit) === true));
    }
    await arena.renewOpenPage(); // a peer connection asks again and again
  });

  test("the measure: a page that is held up for a while is seen to be", async () => {
    await arena.openTab("both");
    honest = await arena.fight();
    for (let i = 0; i < 2; i++) {
      const again = await arena.fight();
      if (again.uiBlockedMs > honest.uiBlockedMs) honest = again;
    }
    const held = await arena.fightWhile(() => arena.tab.evaluate("{ const end = performance.now() + 700; while (performance.now() < end); }"));
    expect(held.uiBlockedMs - honest.uiBlockedMs).toBeGreaterThan(UI_BLOCKED_MS);
    console.log(`${engine}: beside honest code the page stands still for ${honest.uiBlockedMs} ms at most, slots answer after ${honest.freshSlotsMs} ms`);
  });

  for (const walls of ["both", "policy"] as const) {
    describe(walls === "both" ? "with both walls" : "with the first wall gone", () => {
      const here = (one: HostileCase) => one.walls === "each" || one.walls === walls;
      beforeAll(() => arena.openTab(walls));
      for (const group of QUICK) {
        const cases = casesOf(group).filter(here);
        test(`${group}: ${cases.length} hostile jobs at once: the page answers, slots are there, the canary is silent, the honest job is right`, async () => {
          const beside = await arena.honestJobs(cases.length);
          await fairly(() => arena.fight(...cases), ({ hits, endings }) => {
            expect(hits).toEqual([]);
            expect(cases.flatMap((one) => wrongEndings(one, endings.get(one.name) ?? []))).toEqual([]);
          }, { beside });
        });
      }
      test.each(SLOW.flatMap((group) => casesOf(group)).filter(here))("$name: $claim", async (one) => {
        await fairly(() => arena.fight(one), ({ hits, endings }) => {
          expect(hits).toEqual([]);
          expect(wrongEndings(one, endings.get(one.name) ?? [])).toEqual([]);
        }, { timed: !(engine === "firefox" && one.holdsUpFirefox) });
        if (one.gone) await until("no job's sandbox is left", () => Promise.resolve(arena.tab.frames().length - 1), (frames) => frames <= 1);
      });
    });
  }

  describe("in the frame's document", () => {
    beforeAll(() => arena.openTab("both"));
    test.each(casesOf("frame"))("$name: $claim", async (one) => {
      const url = arena.tab.url();
      const windows = (await arena.browser.pages()).length;
      const heard = await arena.fightInFrame(one);
      expect(heard.hits).toEqual([]);
      expect(heard.answer ?? []).toEqual([]);
      expect(arena.tab.url()).toBe(url);
      expect(await arena.browser.pages()).toHaveLength(windows);
    });
  });
}

/** From a page without a sandbox these reach it; together they use all that it listens for. */
const CONTROLS: ReadonlyMap<string, RegExp> = new Map([
  ["network/fetch", /^http \/fetch\/no-cors$/], ["network/xhr", /^http \/xhr\//], ["network/websocket", /^websocket /], ["network/event-source", /^http \/event-source$/],
  ["network/import-dynamic", /^http \/import\/plain\.js$/], ["network/nested-worker", /^http \/nested\//], ["network/beacon", /^http \/beacon$/], ["network/font-face", /^http \/font\.woff2$/],
  ["frame/rtc", /^stun$/], ["frame/subresources", /^http \/element\/img$/],
]);

/** What is wrong with how a case ended, in words; nothing where all is as it claims. */
function wrongEndings({ name, ends, timeMs }: HostileCase, endings: readonly Ending[]): string[] {
  if (endings.length === 0) return [`${name} did not end`];
  return endings.filter((ending) => !isRight(ending)).map((ending) => `${name} should be ${JSON.stringify(ends)}, and is ${"refusal" in ending ? ending.refusal : `${ending.job.state}: ${ending.job.failures[0]?.message ?? JSON.stringify(ending.lines)}`}`);

  function isRight(ending: Ending): boolean {
    if ("refusal" in ending) return ends === "refused" && ending.refusal.includes("Cannot resolve");
    const { job, lines } = ending;
    const message = job.failures[0]?.message ?? "";
    const isAnswered = job.state === "completed" && lines.every((line) => "output" in line && JSON.stringify(line.output) === "[]");
    if (ends === "answered") return isAnswered;
    if (ends === "contained") return isAnswered || /^The task ran for \d+ s without an answer and was stopped$/.test(message);
    if (job.state !== "failed" || ends === "refused") return false;
    const inTime = message === `The task ran for ${(timeMs ?? 0) / 1000} s without an answer and was stopped`;
    if (ends === "stopped") return inTime;
    return ends === "dead" ? inTime || message.startsWith("The slot ") : message.includes(ends.failed);
  }
}
