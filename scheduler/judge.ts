import type { ComputeServerId } from "../protocol/ids.ts";
import type { Command } from "./command.ts";
import { IndexSet } from "./index-set.ts";
import type { JobRun } from "./job-run.ts";
import { revokeBatches } from "./revoke-batches.ts";
import type { JobVerification } from "./verification/job-verification.ts";
import type { AcceptedAnswer } from "./verification/verification.ts";

/** Takes in what the verification of a job has found, and tells it in commands: what is held, accepted, void, and who is caught. */
export class Judge {
  readonly #job: JobRun;
  readonly #verification: JobVerification;
  readonly #held = new IndexSet();
  readonly #accepted: AcceptedAnswer[] = [];
  readonly #dropped = new Map<ComputeServerId, IndexSet>();
  readonly #caught: { readonly computeServerId: ComputeServerId; readonly index: number }[] = [];
  readonly #failures: Command[] = [];

  constructor(job: JobRun, verification: JobVerification) {
    this.#job = job;
    this.#verification = verification;
  }

  /** So many answers are to be held. */
  get heldCount(): number {
    return this.#held.count;
  }

  get failedCount(): number {
    return this.#failures.length;
  }

  /** Takes in what was found until now. */
  take(nowMs: number): void {
    const { jobId } = this.#job.spec;
    const { held, accepted, caught, dropped, again, differing, passed, failed } = this.#verification.takeVerdicts();
    for (const index of held) this.#held.add(index, index + 1);
    for (const answer of accepted) {
      this.#job.finish([[answer.index, answer.index + 1]], undefined);
      this.#accepted.push(answer);
    }
    for (const index of again) this.#job.runAgain(index, nowMs);
    for (const { index, answers } of differing) {
      this.#job.giveUp(index);
      const message = `Its ${answers} answers differ: no two volunteers agree. Make the task give the same output each time, or compare within a tolerance.`;
      this.#failures.push({ type: "record-failure", jobId, index, message, stack: "", attempts: answers });
    }
    for (const [computeServerId, indexes] of dropped) {
      const set = this.#dropped.get(computeServerId) ?? new IndexSet();
      this.#dropped.set(computeServerId, set);
      for (const index of indexes) set.add(index, index + 1);
    }
    this.#caught.push(...caught);
    const servers = this.#job.loadBalancer?.servers;
    for (const id of passed) servers?.get(id)?.statistics.checked(true);
    for (const id of failed) servers?.get(id)?.statistics.checked(false);
  }

  /** Tells all of it. `reporter`: whose answers are held. What follows from that is told as well. */
  tell(reporter: ComputeServerId | null, nowMs: number, out: Command[]): void {
    const { jobId } = this.#job.spec;
    do this.take(nowMs);
    while (this.#verification.hasVerdicts);
    if (reporter !== null && this.#held.count > 0) out.push({ type: "hold", jobId, computeServerId: reporter, ranges: this.#held.ranges() });
    if (this.#accepted.length > 0) out.push({ type: "accept-held", jobId, accepted: this.#accepted.splice(0) });
    for (const [computeServerId, indexes] of this.#dropped) out.push({ type: "drop-held", jobId, computeServerId, ranges: indexes.ranges() });
    out.push(...this.#failures.splice(0));
    this.#held.remove(0, Infinity);
    this.#dropped.clear();
    if (this.#caught.length === 0) return;
    for (const { computeServerId, index } of this.#caught.splice(0)) this.#letGo(computeServerId, index, nowMs, out);
    this.tell(null, nowMs, out);
  }

  /** Who is caught has nothing more to do with the job. */
  #letGo(computeServerId: ComputeServerId, index: number, nowMs: number, out: Command[]): void {
    out.push({ type: "server-caught", computeServerId, jobId: this.#job.spec.jobId, index });
    const server = this.#job.loadBalancer?.servers.get(computeServerId);
    if (server === undefined) return;
    const batches = [...server.batches.values()].filter(({ job }) => job === this.#job);
    server.loadBalancer?.dropBatches(batches, nowMs, out);
    revokeBatches(batches, false, "an answer of this Compute Server to the job was wrong", out);
  }
}
