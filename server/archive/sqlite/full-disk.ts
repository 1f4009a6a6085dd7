import type { GroupCommit } from "./group-commit.ts";
import type { Operation, Reply, Request } from "./thread-messages.ts";

const READS: ReadonlySet<Operation["type"]> = new Set<Operation["type"]>(["query", "read-chunks", "task-ends", "held-votes", "held-outputs", "unused-blobs"]);

type Answered = readonly (readonly [Request, Reply])[];

/**
 * What becomes of operations that a full disk does not take. Reads are answered as the disk has it, so that people still
 * see their jobs; submissions are refused, for nobody was told that they are taken; results and all else wait in their
 * order until there is space.
 */
export class FullDisk {
  /** Jobs of which something was refused: what still comes of them is refused, too. */
  readonly #refused = new Set<string>();

  /** Answers what can be answered, and what is to be tried again. */
  sort(groups: GroupCommit, requests: readonly Request[]): { readonly answered: Answered; readonly waiting: readonly Request[] } {
    const answered: [Request, Reply][] = [];
    const waiting: Request[] = [];
    for (const request of requests) {
      const { operation } = request;
      if (READS.has(operation.type)) {
        const replies = groups.run([operation]);
        if (replies === "disk-full" || replies[0] === undefined) waiting.push(request);
        else answered.push([request, replies[0]]);
      } else if (operation.type === "stage-job" || operation.type === "save-inputs" || operation.type === "create-job") {
        this.#refused.add(operation.jobId);
        const { removal, reply } = this.refusal(request) ?? {};
        if (reply !== undefined) answered.push([request, reply]);
        if (removal !== undefined) waiting.push(removal);
      } else {
        waiting.push(request);
      }
    }
    return { answered, waiting };
  }

  /** Of a job of which something was refused: what to answer, and at its end what removes the part that was stored. */
  refusal({ operation }: Request): { readonly reply: Reply; readonly removal: Request | undefined } | undefined {
    if (operation.type === "abandon-job") this.#refused.delete(operation.jobId);
    if (!("jobId" in operation) || !this.#refused.has(operation.jobId)) return undefined;
    const isLast = operation.type === "create-job";
    if (isLast) this.#refused.delete(operation.jobId);
    return {
      reply: { type: "refused", kind: "no-space", message: "Cannot store this job: the disk of this hub is full. Try again when there is space; removing jobs frees some." },
      // Nobody waits for it: no answer has this number.
      removal: isLast ? { id: 0, operation: { type: "abandon-job", jobId: operation.jobId } } : undefined,
    };
  }
}
