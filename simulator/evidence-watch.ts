import type { ComputeServerId, JobId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Command } from "../scheduler/command.ts";
import type { SchedulerEvent } from "../scheduler/event.ts";
import { auditsForOne, volunteersBehind } from "../scheduler/verification/credibility.ts";
import type { HeldAnswer, Verification } from "../scheduler/verification/verification.ts";
import { HeldBooks } from "./held-books.ts";

type CommandOf<T extends Command["type"]> = Command & { readonly type: T };
type Must = (holds: boolean, rule: string) => void;

interface Identity {
  readonly volunteer: string;
  readonly network: string;
  readonly vouched: boolean;
}

/** What is known of one verified job, by what it was told and what was commanded. */
interface Docket {
  readonly held: HeldBooks;
  readonly caught: Set<ComputeServerId>;
  /** How often somebody else gave the same answer. */
  readonly agreed: Map<ComputeServerId, number>;
  /** Who said that a task failed. */
  readonly failed: Map<number, Set<ComputeServerId>>;
}

/**
 * Holds what is accepted of verified jobs against what was reported: nothing is accepted without the evidence that the job
 * asks for, one volunteer is one opinion, and who is caught counts for nothing.
 */
export class EvidenceWatch {
  readonly #must: Must;
  readonly #saboteurShare: number;
  readonly #identities = new Map<ComputeServerId, Identity>();
  readonly #dockets = new Map<JobId, Docket>();

  constructor(must: Must, saboteurShare: number) {
    this.#must = must;
    this.#saboteurShare = saboteurShare;
  }

  /** Tasks of the job with answers that are held. */
  provisional(jobId: JobId): number {
    return this.#dockets.get(jobId)?.held.tasks ?? 0;
  }

  /** In any job. */
  isCaught(computeServerId: ComputeServerId): boolean {
    for (const { caught } of this.#dockets.values()) if (caught.has(computeServerId)) return true;
    return false;
  }

  /** The hub was killed: it knows no more who was caught, and the archive has what was held. */
  restarted(): void {
    for (const { caught } of this.#dockets.values()) caught.clear();
  }

  happened(event: SchedulerEvent): void {
    if (event.type === "outcomes") this.#noteFailures(event);
    if (event.type !== "server-registered") return;
    const { computeServerId, volunteer = computeServerId, network = "", vouched = false } = event;
    this.#identities.set(computeServerId, { volunteer, network, vouched });
  }

  held(event: SchedulerEvent, { jobId, computeServerId, ranges }: CommandOf<"hold">): void {
    const docket = this.#docket(jobId);
    if (event.type !== "outcomes") return this.#must(false, "held what was not reported");
    this.#must(event.computeServerId === computeServerId && event.jobId === jobId, "held what another reported");
    const answers = new Map<number, string>();
    let at = 0;
    for (const [from, to] of event.done) for (let index = from; index < to; index++) answers.set(index, event.answers?.[at++] ?? "");
    const { volunteer = "", network = "" } = this.#identities.get(computeServerId) ?? {};
    for (const [from, to] of ranges) {
      for (let index = from; index < to; index++) {
        const answer = answers.get(index);
        this.#must(answer !== undefined, "held what was not reported");
        this.#must(docket.held.of(index).every((other) => other.volunteer !== volunteer), "two answers of one volunteer are held");
        this.#hold(docket, { computeServerId, volunteer, network, index, answer: answer ?? "" });
      }
    }
  }

  /** Throws where an answer is accepted for which too little speaks. */
  accepted(verification: Verification | undefined, { jobId, accepted }: CommandOf<"accept-held">): void {
    const { held, caught, agreed } = this.#docket(jobId);
    for (const { index, answer } of accepted) {
      const behind = held.of(index).filter((one) => one.answer === answer && !caught.has(one.computeServerId));
      const volunteers = new Set(behind.map(({ volunteer }) => volunteer)).size;
      this.#must(volunteers > 0, "accepted an answer that nobody holds");
      held.end(index);
      if (verification?.kind === "quorum") this.#must(volunteers >= verification.answers, "accepted without a quorum");
      if (verification?.kind !== "credibility" || volunteers > 1 || behind.some(({ computeServerId }) => this.#identities.get(computeServerId)?.vouched === true)) continue;
      const audits = auditsForOne({ saboteurShare: this.#saboteurShare, errorRate: verification.errorRate });
      this.#must(behind.some(({ computeServerId }) => (agreed.get(computeServerId) ?? 0) >= audits), "accepted on the word of one who was not audited enough");
    }
  }

  /** Throws where liars alone could have failed the task. */
  failed(verification: Verification | undefined, { jobId, index, attempts }: CommandOf<"record-failure">): void {
    if (verification === undefined || verification.kind === "first" || attempts >= LIMITS.attempts) return;
    const { failed, held } = this.#docket(jobId);
    const by = [...failed.get(index) ?? []].map((id) => this.#identities.get(id));
    const needed = verification.kind === "quorum" ? verification.answers : volunteersBehind({ saboteurShare: this.#saboteurShare, errorRate: verification.errorRate });
    const volunteers = new Set(by.map((identity) => identity?.volunteer)).size;
    const differ = new Set(held.of(index).map(({ answer }) => answer)).size;
    this.#must(volunteers >= needed || by.some((identity) => identity?.vouched === true) || differ > 2, "a task failed on the word of too few");
  }

  dropped({ jobId, computeServerId, ranges }: CommandOf<"drop-held">): void {
    for (const [from, to] of ranges) this.#docket(jobId).held.drop(computeServerId, from, to);
  }

  caught({ jobId, computeServerId }: CommandOf<"server-caught">): void {
    const { held, caught } = this.#docket(jobId);
    caught.add(computeServerId);
    this.#must(held.all().every((one) => one.computeServerId !== computeServerId), "answers of who is caught still count");
  }

  assigned({ jobId, computeServerId }: CommandOf<"assign">): void {
    this.#must(this.#dockets.get(jobId)?.caught.has(computeServerId) !== true, "assigned to who was caught");
  }

  #noteFailures({ jobId, computeServerId, failures }: SchedulerEvent & { readonly type: "outcomes" }): void {
    for (const { index } of failures) {
      const { failed } = this.#docket(jobId);
      failed.set(index, (failed.get(index) ?? new Set()).add(computeServerId));
    }
  }

  #hold({ held, agreed }: Docket, answer: HeldAnswer): void {
    for (const other of held.of(answer.index)) {
      if (other.answer !== answer.answer) continue;
      for (const { computeServerId } of [other, answer]) agreed.set(computeServerId, (agreed.get(computeServerId) ?? 0) + 1);
    }
    held.hold(answer);
  }

  #docket(jobId: JobId): Docket {
    const docket = this.#dockets.get(jobId) ?? { held: new HeldBooks(), caught: new Set(), agreed: new Map(), failed: new Map() };
    this.#dockets.set(jobId, docket);
    return docket;
  }
}
