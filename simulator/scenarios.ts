import { constant, exponential, logNormal, pareto, type Distribution } from "./distributions.ts";
import { SeededRandom } from "../scheduler/seeded-random.ts";
import { logUniform, SOON_REPLACED, TAB_SESSION, TWO_CLASSES, type Population } from "./population.ts";
import type { World } from "./world.ts";

/** A grid and its jobs. */
export interface Scenario {
  readonly about: string;
  readonly population: Population;
  /** Submits the jobs, now and later, once the Compute Servers are there. */
  readonly submit: (world: World) => void;
  /** Jobs that nobody waits for: the run ends when all others have ended. */
  readonly endless?: (owner: string) => boolean;
  /** Jobs go on arriving for so long. */
  readonly arriveForMs?: number;
  /** What else happens. */
  readonly trouble?: (world: World) => void;
}

const ONE: Distribution = constant(1);
const SECOND_MS = 1_000;
const TABS: Population = { servers: 100, speed: logUniform(30), session: TAB_SESSION, away: SOON_REPLACED };
/** Of mean 1 s, P(X > x) = (0.33 s / x)^1.5: one task in 165 takes more than 10 s. */
const HEAVY_TAIL: Distribution = pareto(SECOND_MS, 1.5);
/** The tail is cut at a job's usual limit for a task. */
const LONGEST_TASK_MS = 60_000;
const ARRIVE_FOR_MS = 10 * 60_000;
const TASK_TIMEOUT_MS = 30 * 60_000;

/** The same length for the same task, wherever and whenever it runs. */
export function lengths(distribution: Distribution, seed = 1): (index: number) => number {
  return (index) => Math.min(LONGEST_TASK_MS, distribution.draw(new SeededRandom(Math.imul(seed, 0x9e3779b1) + Math.imul(index + 1, 0x85ebca6b))));
}

function oneJob(tasks: number, length: Distribution): Scenario["submit"] {
  return (world) => { world.submit({ tasks, lengthMs: lengths(length, world.seed), taskTimeoutMs: TASK_TIMEOUT_MS }); };
}

/** Jobs that arrive by chance, at so many a second, for so long. */
function arrivals(perSecond: number, forMs: number, tasks: number, length: Distribution): Scenario["submit"] {
  return (world) => {
    const gap = exponential(SECOND_MS / perSecond);
    const untilMs = world.nowMs + forMs;
    let seed = 1_000 * world.seed;
    const next = (): void => {
      world.submit({ tasks, lengthMs: lengths(length, seed++), taskTimeoutMs: TASK_TIMEOUT_MS, owner: `owner-${world.random.below(5)}` });
      const waitMs = gap.draw(world.random);
      if (world.nowMs + waitMs < untilMs) world.later(waitMs, next);
    };
    next();
  };
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  homogeneous: {
    about: "100 equal servers that stay; 20 000 tasks, exponential around 1 s",
    population: { servers: 100, speed: ONE },
    submit: oneJob(20_000, exponential(SECOND_MS)),
  },
  heterogeneous: {
    about: "100 servers of log-normal speed; 20 000 tasks, exponential around 1 s",
    population: { servers: 100, speed: logNormal(1, 0.8) },
    submit: oneJob(20_000, exponential(SECOND_MS)),
  },
  "two-classes": {
    about: "80 slow servers and 20 six times as fast; 20 000 tasks of 1 s",
    population: { servers: 100, speed: TWO_CLASSES },
    submit: oneJob(20_000, constant(SECOND_MS)),
  },
  "thousand-to-one": {
    about: "100 servers, the fastest a thousand times the slowest; 20 000 tasks, exponential around 1 s",
    population: { servers: 100, speed: logUniform(1_000) },
    submit: oneJob(20_000, exponential(SECOND_MS)),
  },
  churn: {
    about: "100 equal servers that come and go as tabs do; 20 000 tasks, exponential around 1 s",
    population: { ...TABS, speed: ONE },
    submit: oneJob(20_000, exponential(SECOND_MS)),
  },
  tabs: {
    about: "100 servers with speeds of 1 : 30 that come and go as tabs do; 100 000 tasks with a heavy tail",
    population: TABS,
    submit: oneJob(100_000, HEAVY_TAIL),
  },
  "tiny-tasks": {
    about: "100 servers of log-normal speed; 2 million tasks of 10 ms",
    population: { servers: 100, speed: logNormal(1, 0.8) },
    submit: oneJob(2_000_000, constant(10)),
  },
  "bad-network": {
    about: "100 servers behind links of 200 ms that lose 5 % of their frames; 20 000 tasks, exponential around 1 s",
    population: { servers: 100, speed: logNormal(1, 0.8), link: { latencyMs: 200, jitterMs: 100, lossShare: 0.05 } },
    submit: oneJob(20_000, exponential(SECOND_MS)),
  },
  freezes: {
    about: "100 servers that freeze every 5 minutes for one; 20 000 tasks, exponential around 1 s",
    population: { servers: 100, speed: logNormal(1, 0.8), freezeEvery: exponential(300_000), frozen: exponential(60_000) },
    submit: oneJob(20_000, exponential(SECOND_MS)),
  },
  arrivals: {
    about: "100 servers of log-normal speed; for 10 minutes a job of 50 tasks of 1 s arrives every 0.6 s, load 0.83",
    population: { servers: 100, speed: logNormal(1, 0.8) },
    submit: arrivals(1 / 0.6, ARRIVE_FOR_MS, 50, exponential(SECOND_MS)),
    arriveForMs: ARRIVE_FOR_MS,
  },
  "small-behind-large": {
    about: "100 servers; ten tasks of 1 s arrive a minute behind ten million, from another owner and from the same",
    population: { servers: 100, speed: ONE },
    submit: (world) => {
      world.submit({ owner: "large", tasks: 10_000_000, lengthMs: () => SECOND_MS });
      world.later(60_000, () => { world.submit({ owner: "small", tasks: 10, lengthMs: () => SECOND_MS }); });
      world.later(90_000, () => { world.submit({ owner: "small", tasks: 10, lengthMs: () => SECOND_MS }); });
    },
    endless: (owner) => owner === "large",
    arriveForMs: 100_000,
  },
  "lost-balancers": {
    about: "100 equal servers; every minute a Load Balancer vanishes and another comes; 20 000 tasks, exponential around 1 s",
    population: { servers: 100, speed: ONE },
    submit: oneJob(20_000, exponential(SECOND_MS)),
    trouble: (world) => {
      const replace = (count: number): void => {
        world.startLoadBalancer(`balancer-${count}`, 10_000);
        world.later(60_000, () => { world.loseLoadBalancer(`balancer-${count}`); replace(count + 1); });
      };
      replace(0);
    },
  },
};

