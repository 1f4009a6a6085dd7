import fc from "fast-check";
import { PLACEMENT_NAMES } from "../scheduler/placement/policies.ts";
import type { SchedulerOptions } from "../scheduler/options.ts";
import type { Verification } from "../scheduler/verification/verification.ts";
import { RuleWatch } from "./rules.ts";
import type { LinkQuality } from "./simulated-link.ts";
import { World } from "./world.ts";

// A story is what may happen to a grid, as data: fast-check makes it from a seed and shrinks one that breaks a rule.

/** Numbers pick a Compute Server or a job by their remainder. */
const which = fc.nat();
const LINKS: readonly LinkQuality[] = [
  { latencyMs: 5 },
  { latencyMs: 80, jitterMs: 120 },
  { latencyMs: 20, jitterMs: 30, lossShare: 0.1, resendMs: 400 },
  { latencyMs: 5, jitterMs: 200, reorders: true, duplicateShare: 0.2 },
];
const VERIFICATIONS: readonly Verification[] = [
  { kind: "first" }, { kind: "first" }, { kind: "first" }, { kind: "quorum", answers: 2 }, { kind: "credibility", errorRate: 0.1 }, { kind: "credibility", errorRate: 0.01 },
];
/** Who comes last is honest, and beside these enough against all who lied before. */
const STEADY = 6;
/** Enough that somebody who is passed over notices. */
const LONG_JOB_TASKS = 2_000;
const LOAD_BALANCER_LEASE_MS = 5_000;
const SETTLE_MS = 50_000_000;

const actionArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    do: fc.constant("join" as const), slots: fc.integer({ min: 0, max: 4 }), speed: fc.constantFrom(0.1, 0.5, 1, 3, 100),
    leaseMs: fc.constantFrom(1_000, 10_000, Infinity), link: fc.nat(LINKS.length - 1), lieShare: fc.constantFrom(0, 0, 0.3, 1),
    volunteer: fc.constantFrom(null, null, "ann", "ben"), network: fc.constantFrom("", "", "192.0.2.1"), vouched: fc.constantFrom(false, false, false, true),
  }) },
  { weight: 4, arbitrary: fc.record({
    do: fc.constant("submit" as const), tasks: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) }, { weight: 1, arbitrary: fc.constant(LONG_JOB_TASKS) }),
    taskMs: fc.constantFrom(0, 1, 30, 700, 5_000), owner: fc.constantFrom("ada", "bob"), priority: fc.integer({ min: -1, max: 1 }),
    failEvery: fc.constantFrom(0, 0, 2, 7), failTimes: fc.integer({ min: 1, max: 4 }), deadly: fc.boolean(), timeoutMs: fc.constantFrom(60_000, 60_000, 6_000),
    verified: fc.constantFrom(...VERIFICATIONS),
  }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("lose-link", "vanish", "reload", "return", "return-as-stranger", "leave", "release", "freeze", "thaw"), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("slots" as const), which, slots: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("cancel", "pause", "resume", "retry"), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("start-load-balancer", "stop-load-balancer", "lose-load-balancer"), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart-hub" as const) }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 20, 150, 900, 4_000, 12_000, 120_000) }) },
);
type Action = typeof actionArbitrary extends fc.Arbitrary<infer T> ? T : never;
type ActionOf<T extends Action["do"]> = Action & { readonly do: T };

export interface Story {
  readonly seed: number;
  readonly options: SchedulerOptions;
  readonly actions: readonly Action[];
}

export const storyArbitrary: fc.Arbitrary<Story> = fc.record({
  seed: fc.nat(),
  options: fc.record({ placement: fc.constantFrom(...PLACEMENT_NAMES), loadBalancerChoice: fc.constantFrom("first-found" as const, "fewest-jobs" as const) }),
  actions: fc.array(actionArbitrary, { minLength: 5, maxLength: 60 }),
});

/** Tells the story to its good end, asking after every event. Throws where a rule does not hold; answers the world after it. */
export function play({ seed, options, actions }: Story): World {
  const world = new World(seed, options);
  const rules = new RuleWatch(world);
  world.observer = { ...world.observer, commanded: (event, commands) => rules.commanded(event, commands) };
  for (const action of actions) act(world, rules, action);
  settle(world);
  rules.end();
  return world;
}

function act(world: World, rules: RuleWatch, action: Action): void {
  switch (action.do) {
    case "join": join(world, action); return;
    case "submit": submit(world, action); return;
    case "wait": world.run(action.ms); return;
    case "slots": world.servers[action.which % world.servers.length]?.setSlots(action.slots); return;
    case "cancel": case "pause": case "resume": case "retry": actOnJob(world, action); return;
    case "start-load-balancer": world.startLoadBalancer(`balancer-${action.which % 2}`, LOAD_BALANCER_LEASE_MS); return;
    case "stop-load-balancer": world.stopLoadBalancer(`balancer-${action.which % 2}`); return;
    case "lose-load-balancer": world.loseLoadBalancer(`balancer-${action.which % 2}`); return;
    case "restart-hub":
      rules.restarted();
      world.restartHub();
      return;
    default: actOnServer(world, action);
  }
}

function join(world: World, { slots, speed, leaseMs, link, lieShare, volunteer, network, vouched }: ActionOf<"join">): void {
  // Who is vouched for does not lie: it would be believed.
  world.join({
    slots, speed, leaseMs, lieShare: vouched ? 0 : lieShare, link: LINKS[link] ?? { latencyMs: 0 }, network, vouched,
    ...(volunteer === null ? {} : { volunteer }),
  });
}

function submit(world: World, { tasks, taskMs, owner, priority, failEvery, failTimes, deadly, timeoutMs, verified }: ActionOf<"submit">): void {
  world.submit({
    tasks, owner, priority, verification: verified, taskTimeoutMs: timeoutMs, maxAttempts: deadly ? 10 : 3, failureKind: deadly ? "slot-died" : "error",
    lengthMs: (index) => taskMs * (0.5 + ((index * 7919) % 101) / 100),
    failures: (index) => (failEvery > 0 && index % failEvery === 0 ? failTimes : 0),
  });
}

function actOnJob(world: World, action: ActionOf<"cancel" | "pause" | "resume" | "retry">): void {
  const jobId = world.jobs[action.which % world.jobs.length]?.spec.jobId;
  if (jobId === undefined) return;
  const events = { cancel: "job-cancelled", pause: "job-paused", resume: "job-resumed", retry: "job-retried" } as const;
  world.send({ type: events[action.do], jobId });
}

function actOnServer(world: World, action: ActionOf<"lose-link" | "vanish" | "reload" | "return" | "return-as-stranger" | "leave" | "release" | "freeze" | "thaw">): void {
  const server = world.servers[action.which % world.servers.length];
  if (server === undefined) return;
  switch (action.do) {
    case "lose-link": server.loseLink(true); return;
    case "vanish": server.loseLink(false); return;
    case "reload": server.loseLink(true); server.reload(); return;
    case "return": world.comeBack(server, true); return;
    case "return-as-stranger": world.comeBack(server, false); return;
    case "leave": server.leave(); return;
    case "release": server.release(); return;
    case "freeze": server.freeze(); return;
    case "thaw": server.thaw(); return;
  }
}

/** After the trouble: somebody steady comes, or as many as it takes to verify answers; all jobs go on, and must end. */
function settle(world: World): void {
  for (const { spec } of world.jobs) world.send({ type: "job-resumed", jobId: spec.jobId });
  world.startLoadBalancer();
  for (const server of world.servers) server.loseLink(false);
  const liars = world.servers.filter(({ machine }) => machine.lieShare > 0).length;
  const isVerified = world.jobs.some((job) => job.isVerified && !job.hasEnded);
  // Volunteers of two Load Balancers do not verify each other.
  if (isVerified) for (const name of ["balancer-0", "balancer-1"]) world.stopLoadBalancer(name);
  for (let i = isVerified ? STEADY + liars : 1; i > 0; i--) world.join({ slots: 4, speed: 1, leaseMs: Infinity, lieShare: 0, link: { latencyMs: 5 } });
  world.run(SETTLE_MS, () => world.jobs.every(({ hasEnded }) => hasEnded));
}
