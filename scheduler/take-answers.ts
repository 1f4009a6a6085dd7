import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";
import type { Judge } from "./judge.ts";
import type { OutcomesEvent } from "./outcomes.ts";
import type { JobVerification } from "./verification/job-verification.ts";

/**
 * Takes the answers of a report in as votes: each if its task has not ended and was given to that Compute Server, which
 * still holds it. Otherwise liars would vote where they please. Who is vouched for is believed whatever it was given.
 */
export function takeAnswers(
  event: OutcomesEvent, job: JobRun, verification: JobVerification, batch: Batch | undefined, server: ComputeServer | undefined, judge: Judge, nowMs: number,
): void {
  const { answers = [] } = event;
  let at = 0;
  for (const [from, to] of event.done) {
    for (let index = from; index < to; index++) {
      const answer = answers[at++];
      const wasHeld = job.answered(index, batch);
      if (server === undefined || (!wasHeld && !server.vouched) || job.notEnded(index, index + 1).length === 0) continue;
      if (answer === undefined) job.runAgain(index, nowMs);
      else verification.answer(server, index, answer, nowMs);
      // What has ended by it is not answered any more by what comes behind it.
      if (verification.hasEnds) judge.take(nowMs);
    }
  }
}
