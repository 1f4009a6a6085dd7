import { exponential, hyperexponential, mixture, constant, type Distribution } from "./distributions.ts";
import { ln, exp } from "./portable-math.ts";
import type { SeededRandom } from "../scheduler/seeded-random.ts";
import type { LinkQuality } from "./simulated-link.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import type { World } from "./world.ts";

/** Which Compute Servers there are, and how they come and go. Times in ms. */
export interface Population {
  readonly servers: number;
  readonly slots?: number;
  readonly speed: Distribution;
  /** How long a tab stays; without it, for ever. */
  readonly session?: Distribution;
  /** How long those that are there at the start still stay; without it a random part of a session. */
  readonly residue?: Distribution;
  /** From a tab's end to the next in its place. */
  readonly away?: Distribution;
  /** From one freeze of a tab to the next, and how long each lasts. */
  readonly freezeEvery?: Distribution;
  readonly frozen?: Distribution;
  readonly link?: LinkQuality;
  readonly leaseMs?: number;
  readonly sparing?: boolean;
  /** Share of Compute Servers that lie, and of their outcomes that are lies. */
  readonly liars?: { readonly share: number; readonly lieShare: number };
}

const MINUTE_MS = 60_000;
const LEASE_MS = 30_000;
const LINK: LinkQuality = { latencyMs: 20, jitterMs: 20 };

/**
 * Tabs, by the one set of data found (NUMBERS.md section 3): 85 % stay a mean of 3.4 minutes, 15 % of 150, given that the
 * first minute was survived, which comes on top.
 */
const AFTER_FIRST_MINUTE = hyperexponential([{ share: 0.85, mean: 3.4 * MINUTE_MS }, { share: 0.15, mean: 150 * MINUTE_MS }]);
export const TAB_SESSION: Distribution = { mean: MINUTE_MS + AFTER_FIRST_MINUTE.mean, draw: (random) => MINUTE_MS + AFTER_FIRST_MINUTE.draw(random) };
/**
 * How long tabs that are found at some moment, long after the first came, still stay: mostly long ones are found. Each
 * part of a session is met in proportion to its share and mean, and exponential ones do not age.
 */
export const TAB_RESIDUE: Distribution = mixture([
  { share: 1, of: { mean: MINUTE_MS / 2 + AFTER_FIRST_MINUTE.mean, draw: (random) => MINUTE_MS * random.next() + AFTER_FIRST_MINUTE.draw(random) } },
  { share: 0.85 * 3.4, of: exponential(3.4 * MINUTE_MS) },
  { share: 0.15 * 150, of: exponential(150 * MINUTE_MS) },
]);
export const SOON_REPLACED: Distribution = exponential(10_000);

/** Evenly spread over the logarithm from 1 to `ratio`, then scaled to a mean of 1. */
export function logUniform(ratio: number): Distribution {
  const mean = (ratio - 1) / ln(ratio);
  return { mean: 1, draw: (random) => exp(ln(ratio) * random.next()) / mean };
}

/** A few fast machines among many slow ones: mean 1. */
export const TWO_CLASSES: Distribution = mixture([{ share: 0.8, of: constant(0.5) }, { share: 0.2, of: constant(3) }]);

/** How a tab ends: most are closed, and the hub hears it; some say goodbye; some die without a word. */
const ENDS = { goodbye: 0.3, closed: 0.5 } as const;
/** Of those that come back, so many are the same to the hub. */
const WITH_TOKEN = 0.3;

/** Lets them all join, and come and go until the end of time. */
export function populate(world: World, population: Population): void {
  const random = world.random;
  for (let i = 0; i < population.servers; i++) {
    const { slots = 1, speed, link = LINK, leaseMs = LEASE_MS, sparing = false, liars } = population;
    const lies = liars !== undefined && i < liars.share * population.servers;
    const server = world.join({ slots, speed: speed.draw(random), link, leaseMs, lieShare: lies ? liars.lieShare : 0, sparing });
    // Some have been there for a while: their sessions do not all end together.
    if (population.session !== undefined) stay(world, population, server, population.residue?.draw(random) ?? population.session.draw(random) * random.next());
    if (population.freezeEvery !== undefined) freezeNow(world, population, server, population.freezeEvery);
  }
}

function stay(world: World, population: Population, server: SimulatedServer, sessionMs: number): void {
  world.later(sessionMs, () => {
    end(world.random, server);
    world.later(population.away?.draw(world.random) ?? 0, () => {
      world.comeBack(server, world.random.next() < WITH_TOKEN);
      stay(world, population, server, population.session?.draw(world.random) ?? 0);
    });
  });
}

function end(random: SeededRandom, server: SimulatedServer): void {
  const how = random.next();
  if (how < ENDS.goodbye) return server.leave();
  server.loseLink(how < ENDS.goodbye + ENDS.closed);
  server.reload();
}

function freezeNow(world: World, population: Population, server: SimulatedServer, every: Distribution): void {
  world.later(every.draw(world.random), () => {
    server.freeze();
    world.later(population.frozen?.draw(world.random) ?? 0, () => {
      server.thaw();
      freezeNow(world, population, server, every);
    });
  });
}
