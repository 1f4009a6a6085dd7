import { setImmediate as otherWork } from "node:timers/promises";
import { GridError } from "../../../protocol/grid-error.ts";
import type { NewJob, ValueChunk } from "../archive.ts";
import { checkChunk } from "../value-chunk.ts";
import type { ArchiveThread, Turn } from "./archive-thread.ts";
import { expectReply } from "./expect-reply.ts";
import { storedChunk } from "./stored-chunk.ts";
import type { Reply, Statement } from "./thread-messages.ts";

/** Inputs may be made as they are read: after so many bytes everything else gets a turn. */
const BYTES_IN_ONE_GO = 1024 * 1024;

/** Sends the inputs as there is room, so that they are never held as a whole; the job's row comes last. Answers the job's id. */
export async function createJob(
  thread: ArchiveThread, job: NewJob, statements: readonly Statement[], inputs: Iterable<ValueChunk>, idempotencyKey: string | null,
): Promise<string> {
  const { jobId, owner } = job;
  const { created } = await thread.takeTurn(async (turn) => {
    // Every later step fails where this one did, and says less of why.
    const staged = settled(turn.send({ type: "stage-job", jobId }));
    try {
      const { sent, storedBytes } = await sendInputs(turn, job, inputs);
      const last = settled(turn.send({ type: "create-job", jobId, owner, idempotencyKey, statements, storedBytes }));
      return { created: () => answer([staged, ...sent, last]) };
    } catch (error) {
      const abandoned = settled(turn.send({ type: "abandon-job", jobId }));
      return {
        created: async () => {
          await answer([staged, abandoned]);
          throw error;
        },
      };
    }
  });
  return created();
}

type Settled = Promise<PromiseSettledResult<Reply<never>>>;

async function settled(reply: Promise<Reply<never>>): Settled {
  const [result] = await Promise.allSettled([reply]);
  return result;
}

/** The job's id from the last reply, or the first error. */
async function answer(replies: readonly Settled[]): Promise<string> {
  let jobId = "";
  for (const result of await Promise.all(replies)) {
    if (result.status === "rejected") throw result.reason;
    if (result.value.type === "created") jobId = result.value.jobId;
    else expectReply(result.value, "changed");
  }
  return jobId;
}

async function sendInputs(turn: Turn, job: NewJob, inputs: Iterable<ValueChunk>): Promise<{ sent: Settled[]; storedBytes: number }> {
  const sent: Settled[] = [];
  let next = 0;
  let storedBytes = 0;
  let bytesInThisGo = 0;
  for (const chunk of inputs) {
    checkChunk(chunk);
    if (chunk.range[0] !== next) throw incomplete(job, `after input ${next} comes input ${chunk.range[0]}`);
    next = chunk.range[1];
    const stored = storedChunk(chunk);
    storedBytes += stored.bytes;
    sent.push(settled(turn.send({ type: "save-inputs", jobId: job.jobId, chunk: stored })));
    bytesInThisGo += chunk.packed.byteLength;
    if (bytesInThisGo >= BYTES_IN_ONE_GO) {
      bytesInThisGo = 0;
      await otherWork();
    }
    await turn.room();
  }
  const expected = job.inputs.kind === "range" ? 0 : job.tasks;
  if (next !== expected) throw incomplete(job, `there are ${next} stored inputs, and it needs ${expected}`);
  return { sent, storedBytes };
}

function incomplete(job: NewJob, why: string): GridError {
  return new GridError("invalid-request", `Cannot create job ${job.jobId}: ${why}`);
}
