import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { lacking } from "./requirements.ts";
import { listInWords, quantityInWords } from "./words.ts";

/** More waiting jobs than these are not asked what they require. */
const ASKED_JOBS = 50;

/** Why a Compute Server has a slot without work, in words for its volunteer; null while all its slots have some. */
export type IdleReason = (server: ComputeServer) => string | null;

/** Looks at the jobs of the Load Balancer once, for all its Compute Servers. */
export function idleReasons(loadBalancer: LoadBalancer | null, draining: boolean): IdleReason {
  const forAll = reasonForAll(loadBalancer, draining);
  const waiting = [...(loadBalancer?.jobs ?? [])].filter(isWaiting).slice(0, ASKED_JOBS);
  return (server) => {
    if (!server.connected) return "It has lost its link: it has until its lease ends to come back.";
    if (server.slots === 0) return "It is paused by its volunteer.";
    if (!server.hasFreeLane) return null;
    return forAll ?? atLimit(loadBalancer, waiting) ?? reasonHere(waiting, server);
  };
}

function reasonForAll(loadBalancer: LoadBalancer | null, draining: boolean): string | null {
  if (draining) return "The hub is stopping: work comes when it runs again.";
  if (loadBalancer === null) return "No Load Balancer is registered: it waits for one to be started.";
  const jobs = [...loadBalancer.jobs];
  if (jobs.length === 0) return "There are no jobs: work comes as soon as somebody submits one.";
  if (jobs.some(isWaiting)) return null;
  const active = jobs.filter(({ state }) => state.kind !== "paused").length;
  if (active === 0) return jobs.length === 1 ? "The only job is paused." : `All ${jobs.length} jobs are paused.`;
  return `No task waits: the last ones of ${quantityInWords(active, "job")} run already.`;
}

function atLimit(loadBalancer: LoadBalancer | null, waiting: readonly JobRun[]): string | null {
  const all = loadBalancer !== null && waiting.length > 0 && waiting.every(({ spec }) => loadBalancer.ownerSlots.isAtLimit(spec.owner));
  return all ? "Those whose tasks wait have as many Slots at work as they may have." : null;
}

/** Tasks wait, and none may run here: it lacks something, or they have failed here before. */
function reasonHere(waiting: readonly JobRun[], server: ComputeServer): string {
  let closest: readonly string[] | undefined;
  let failedHere = 0;
  let answeredHere = 0;
  let caughtBy = 0;
  for (const job of waiting) {
    const lacks = lacking(job.spec.requires, server.offer);
    if (lacks.length === 0 && job.verification?.isCaught(server.computeServerId) === true) caughtBy++;
    else if (lacks.length === 0) {
      failedHere += job.retries.waitingCount;
      answeredHere += job.verification?.wantedCount ?? 0;
    } else if (closest === undefined || lacks.length < closest.length) closest = lacks;
  }
  if (failedHere > 0) return `${quantityInWords(failedHere, "task")} that failed here ${failedHere === 1 ? "waits" : "wait"} for another Compute Server.`;
  if (answeredHere > 0) return `${quantityInWords(answeredHere, "answer")} ${answeredHere === 1 ? "waits" : "wait"} for a second opinion from another volunteer.`;
  if (caughtBy > 0) return "An answer of this Compute Server was wrong: it gets no more of the job that waits.";
  if (closest === undefined) return "Work is on its way.";
  return waiting.length === 1
    ? `The job that waits requires what it does not offer: it lacks ${listInWords(closest)}.`
    : `The ${waiting.length} jobs that wait require what it does not offer: for the nearest of them it lacks ${listInWords(closest)}.`;
}

function isWaiting({ state, waitingCount }: JobRun): boolean {
  return state.kind !== "paused" && waitingCount > 0;
}
