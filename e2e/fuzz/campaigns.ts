import fc from "fast-check";
import { ExecutableCampaign, EXTREME_SOURCES } from "./executables.ts";
import { FrameCampaign, sessionsArbitrary } from "./frames.ts";
import { callsArbitrary, HttpCampaign } from "./http.ts";
import { InputCampaign } from "./inputs.ts";

/** One kind of attack on a hub of its own. */
export interface Campaign {
  /** Some seconds of it, the same for the same seed. Throws what fast-check says of the smallest case that fails. */
  round(seed: number): Promise<void>;
  /** How much was sent so far, in words. */
  sent(): string;
  /** Bytes that the hub keeps after a garbage collection. */
  keptBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Shrinking runs whole groups again: it ends after this. */
const SHRINK_WITHIN_MS = 120_000;
/** Past this a hub that keeps more than at first has lost memory. What it keeps of jobs and addresses is bounded. */
const KEPT_RATIO_MOST = 1.6;

const seedsArbitrary = (most: number) => fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 1, maxLength: most, size: "max" });

async function check<T>(seed: number, runs: number, arbitrary: fc.Arbitrary<T>, run: (sample: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, run), { seed, numRuns: runs, interruptAfterTimeLimit: SHRINK_WITHIN_MS, markInterruptAsFailure: false });
}

/** `runs`: groups of cases in one round. */
export const CAMPAIGNS = {
  async frames(runs = 3): Promise<Campaign> {
    const campaign = await FrameCampaign.start();
    return {
      async round(seed) {
        await check(seed, runs, sessionsArbitrary, (sessions) => campaign.run(sessions));
        await drainingRound(seed);
      },
      sent: () => `${campaign.sent} frames`,
      keptBytes: () => campaign.keptBytes(),
      stop: () => campaign.stop(),
    };
  },
  http: (runs = 3) => httpCampaign(runs, false),
  accounts: (runs = 3) => httpCampaign(runs, true),
  async executables(runs = 2): Promise<Campaign> {
    const campaign = await ExecutableCampaign.start();
    const extremes = Object.entries(EXTREME_SOURCES);
    return {
      async round(seed) {
        const [name, source] = extremes[seed % extremes.length] ?? ["nothing", () => new Uint8Array(0)];
        await campaign.store(name, source());
        await check(seed, runs, seedsArbitrary(60), (seeds) => campaign.run(seeds));
      },
      sent: () => `${campaign.sent} Executables`,
      keptBytes: () => campaign.fire.keptBytes(),
      stop: () => campaign.stop(),
    };
  },
  async inputs(runs = 2): Promise<Campaign> {
    const campaign = await InputCampaign.start();
    return {
      round: (seed) => check(seed, runs, seedsArbitrary(60), (seeds) => campaign.run(seeds)),
      sent: () => `${campaign.sent} inputs and outputs`,
      keptBytes: () => campaign.fire.keptBytes(),
      stop: () => campaign.stop(),
    };
  },
} as const;

export type CampaignName = keyof typeof CAMPAIGNS;

async function httpCampaign(runs: number, accounts: boolean): Promise<Campaign> {
  const campaign = await HttpCampaign.start({ accounts });
  return {
    round: (seed) => check(seed, runs, callsArbitrary, (calls) => campaign.run(calls)),
    sent: () => `${campaign.sent} calls`,
    keptBytes: () => campaign.fire.keptBytes(),
    stop: () => campaign.stop(),
  };
}

/** A hub drains once: each round has one of its own. */
async function drainingRound(seed: number): Promise<void> {
  const campaign = await FrameCampaign.start();
  try {
    await check(seed, 1, fc.array(seedsArbitrary(60), { minLength: 1, maxLength: 60, size: "max" }), (sessions) => campaign.runDraining(sessions));
  } finally {
    await campaign.stop();
  }
}

/** Rounds until `enough` says so. The hub must keep no more memory at the end than after the first rounds. */
export async function attack(campaign: Campaign, seed: number, enough: (rounds: number) => boolean, onRound: (seed: number) => void): Promise<{ readonly keptRatio: number }> {
  let rounds = 0;
  let warm = 0;
  do {
    onRound(seed + rounds);
    await campaign.round(seed + rounds);
    rounds++;
    // The first round loads code and fills caches.
    if (rounds === 1) warm = await campaign.keptBytes();
  } while (!enough(rounds));
  const keptRatio = (await campaign.keptBytes()) / warm;
  if (keptRatio > KEPT_RATIO_MOST) throw new Error(`The hub keeps ${keptRatio.toFixed(2)} times the memory that it kept after the first of ${rounds} rounds`);
  return { keptRatio };
}
