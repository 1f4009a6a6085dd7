import type { Batch } from "./batch.ts";
import { busyWith } from "./busy-slots.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { lacking, mayRunOn } from "./requirements.ts";
import { allCaught, waitingForAnswers } from "./waiting-answers.ts";
import { durationInWords, listInWords, quantityInWords } from "./words.ts";

/** Why a job does not run at full speed, in words for its submitter; null while it does. */
export function waitingFor(job: JobRun, draining: boolean, nowMs: number): string | null {
  if (job.state.kind === "paused") return job.isHarmful ? job.slotDeaths.words : "It is paused: resume it to go on.";
  if (draining) return "The hub is stopping: it goes on when the hub runs again.";
  const { loadBalancer } = job;
  if (loadBalancer === null) return "No Load Balancer is registered: it waits for one to be started.";
  if (loadBalancer.servers.size === 0) return "No Compute Server is registered: open the page and lend a hand.";
  if (loadBalancer.usableCount === 0) return unusable(loadBalancer.servers.values());
  const fitting = [...loadBalancer.servers.values()].filter((server) => server.usable && mayRunOn(job, server));
  if (fitting.length === 0) return nothingFits(job, loadBalancer);
  const { verification } = job;
  if (verification !== null && fitting.every(({ computeServerId }) => verification.isCaught(computeServerId))) return allCaught(fitting.length);
  if (verification !== null && job.openCount === 0 && job.batches.size === 0) return waitingForAnswers(verification, fitting, nowMs);
  if (job.openCount === 0) return stuck(job);
  if (job.pending.count === 0) return retrying(job, nowMs);
  const { ownerSlots } = loadBalancer;
  if (ownerSlots.isAtLimit(job.spec.owner)) {
    return `Its owner has ${quantityInWords(ownerSlots.slotsOf(job.spec.owner), "Slot")} at work, as many as an owner may have on this hub: it goes on when one is free.`;
  }
  return busyWith(job, loadBalancer, fitting) ?? fewFit(job, loadBalancer, fitting.length);
}

/** A batch that waits on its Compute Server behind others does not run yet. */
function isRunning(batch: Batch): boolean {
  if (!batch.server.usable) return false;
  let position = 0;
  for (const held of batch.server.batches.values()) {
    if (held === batch) break;
    position++;
  }
  return position < batch.server.lanes;
}

/** Everything is handed out: it runs, or it does not where it was handed to. */
function stuck(job: JobRun): string | null {
  const batches = [...job.batches];
  if (batches.some(isRunning)) return null;
  if (batches.some(({ server }) => !server.usable)) return "All its Compute Servers have lost their link or are paused: they have until their lease ends.";
  return "Its last tasks wait behind batches of other jobs, and are next there.";
}

function retrying({ retries }: JobRun, nowMs: number): string {
  const { waitingCount } = retries;
  const endsAtMs = retries.patienceEndsAtMs(nowMs);
  const until = endsAtMs === Infinity ? "" : `, for ${durationInWords(endsAtMs - nowMs)} at most`;
  return waitingCount === 1
    ? `One failed task waits for another Compute Server to try it${until}.`
    : `${waitingCount} failed tasks wait for another Compute Server to try them${until}.`;
}

/** Those that could run it, and the one that comes closest: what it lacks, or that it is away. */
function nothingFits(job: JobRun, { servers }: LoadBalancer): string {
  let closest: ComputeServer | undefined;
  let closestLacks: readonly string[] = [];
  for (const server of servers.values()) {
    const lacks = lacking(job.spec.requires, server.offer);
    const isCloser = closest === undefined || lacks.length < closestLacks.length
      || (lacks.length === closestLacks.length && server.usable && !closest.usable);
    if (!isCloser) continue;
    closest = server;
    closestLacks = lacks;
  }
  const none = servers.size === 1 ? "The only Compute Server does not offer what it requires" : `None of the ${servers.size} Compute Servers offers what it requires`;
  if (closest === undefined) return `${none}.`;
  if (closestLacks.length === 0) {
    return `${none} but ${nameOf(closest)}, which ${closest.connected ? "is paused by its volunteer" : "has lost its link"}.`;
  }
  return servers.size === 1
    ? `${none}: ${nameOf(closest)} lacks ${listInWords(closestLacks)}.`
    : `${none}: ${nameOf(closest)} comes closest and lacks ${listInWords(closestLacks)}.`;
}

function fewFit(job: JobRun, { usableCount }: LoadBalancer, fitting: number): string | null {
  if (job.spec.requires === undefined || fitting === usableCount) return null;
  return `Only ${fitting} of ${quantityInWords(usableCount, "Compute Server")} ${fitting === 1 ? "offers" : "offer"} what it requires.`;
}

function nameOf({ name, computeServerId }: ComputeServer): string {
  return `“${name === "" ? computeServerId : name}”`;
}

function unusable(servers: Iterable<{ readonly connected: boolean }>): string {
  for (const { connected } of servers) if (connected) return "Every Compute Server is paused by its volunteer.";
  return "Every Compute Server has lost its link: they have until their lease ends to come back.";
}
