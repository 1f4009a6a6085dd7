import { Copies } from "../scheduler/copies.ts";
import { FairShare } from "../scheduler/fair-share.ts";
import { JobRun } from "../scheduler/job-run.ts";
import { LoadBalancer } from "../scheduler/load-balancer.ts";
import { LookupService } from "../scheduler/lookup-service.ts";
import { JobVerification } from "../scheduler/verification/job-verification.ts";
import { Verdicts } from "../scheduler/verification/verdicts.ts";
import type { Command } from "../scheduler/command.ts";
import { Retries } from "../scheduler/retries.ts";
import { fuzz } from "./fuzz.ts";

// Bugs that the rules must catch, planted into the scheduler's own classes while a test looks, and taken out after it. No
// code of the scheduler knows of them.

/** Puts a bug in, answers how to take it out. */
type Plant = () => () => void;

/** Puts `make(original)` in the place of a method. */
function replace<T extends object, K extends keyof T>(prototype: T, name: K, make: (original: T[K]) => T[K]): () => void {
  const original = prototype[name];
  prototype[name] = make(original);
  return () => { prototype[name] = original; };
}

export const PLANTED_BUGS: Readonly<Record<string, Plant>> = {
  "a lost range at a lease's end": () => replace(LoadBalancer.prototype, "dropBatches", (original) => function dropBatches(this: LoadBalancer, batches, nowMs, out) {
    original.call(this, batches.slice(1), nowMs, out);
  }),
  "a double accept": () => replace(JobRun.prototype, "finish", (original) => function finish(this: JobRun, ranges, by) {
    original.call(this, ranges, by);
    return ranges.map(([from, to]) => [from, to]);
  }),
  "a batch given to an expired lease": () => replace(LookupService.prototype, "expire", (original) => function expire(this: LookupService, nowMs) {
    return { servers: [], loadBalancers: original.call(this, nowMs).loadBalancers };
  }),
  "a lease that no frame renews": () => replace(LookupService.prototype, "renewServer", () => function renewServer(this: LookupService, computeServerId) {
    return this.servers.get(computeServerId);
  }),
  "a starved owner": () => replace(FairShare.prototype, "charge", () => () => {}),
  "a stuck prefetch": () => replace(JobRun.prototype, "takeFinished", (original) => function takeFinished(this: JobRun) {
    return original.call(this).filter(({ server }) => server.batches.size < 2);
  }),
  "an ignored revoke": () => replace(LoadBalancer.prototype, "removeJob", (original) => function removeJob(this: LoadBalancer, job, reason, nowMs, out) {
    const commands: Command[] = [];
    original.call(this, job, reason, nowMs, commands);
    out.push(...commands.filter(({ type }) => type !== "revoke"));
  }),
  "given back, and forgotten": () => replace(JobRun.prototype, "putBack", (original) => function putBack(this: JobRun, batch, ranges, nowMs) {
    return original.call(this, batch, ranges.slice(0, -1), nowMs);
  }),
  "an off-by-one at a range's end": () => replace(JobRun.prototype, "cut", (original) => function cut(this: JobRun, size, server, nowMs, usable) {
    return original.call(this, size, server, nowMs, usable).map(([from, to]) => [from, to - from > 1 ? to - 1 : to]);
  }),
  "a straggler copied without bound": () => replace(Copies.prototype, "holders", () => (_index, batch) => [batch]),
  "two answers of one volunteer that count as two": takeEachForAnother,
  "answers of who is caught that stay": () => replace(Verdicts.prototype, "drop", () => () => {}),
  "who is caught and goes on": () => replace(JobVerification.prototype, "isCaught", () => () => false),
  "a liar alone that fails a task": () => replace(Retries.prototype, "isExhausted", () => function isExhausted(this: Retries, index) {
    return (this.attempts.get(index)?.length ?? 0) >= 3;
  }),
  "a paused job that goes on": () => replace(JobRun.prototype, "hasWorkFor", () => function hasWorkFor(this: JobRun) {
    return this.waitingCount > 0;
  }),
};

/** Verification takes every Compute Server for a volunteer of its own. */
function takeEachForAnother(): () => void {
  const takeOut = [
    replace(JobVerification.prototype, "answer", (original) => function answer(this: JobVerification, { computeServerId, network, engineName, vouched }, index, digest, nowMs) {
      original.call(this, { computeServerId, volunteer: computeServerId, network, engineName, vouched }, index, digest, nowMs);
    }),
    replace(JobVerification.prototype, "takeWanted", (original) => function takeWanted(this: JobVerification, { computeServerId, network, engineName, vouched }, nowMs) {
      return original.call(this, { computeServerId, volunteer: computeServerId, network, engineName, vouched }, nowMs);
    }),
    replace(JobVerification.prototype, "hasWantedFor", (original) => function hasWantedFor(this: JobVerification, { computeServerId, network, engineName, vouched }, nowMs) {
      return original.call(this, { computeServerId, volunteer: computeServerId, network, engineName, vouched }, nowMs);
    }),
  ];
  return () => { for (const each of takeOut) each(); };
}

export interface Catch {
  readonly bug: string;
  /** The rule that it broke, and after how many seeds; null where it was not caught. */
  readonly rule: string | null;
  readonly seeds: number;
}

/** Plants each bug alone and looks for it with at most `seeds` stories. */
export function catchPlantedBugs(firstSeed: number, seeds: number): Catch[] {
  return Object.entries(PLANTED_BUGS).map(([bug, plant]) => {
    const takeOut = plant();
    try {
      const { tried, failure } = fuzz(firstSeed, seeds);
      return { bug, rule: failure?.rule ?? null, seeds: tried };
    } finally {
      takeOut();
    }
  });
}
