import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { GridError } from "../../../protocol/grid-error.ts";
import type { IndexRange, IndexRanges } from "../../../protocol/index-range.ts";
import { largeValuesSchema, type LargeValue } from "../../../protocol/large-values.ts";
import { PackedValues } from "../../../protocol/packed-values.ts";
import { IndexSet } from "../../../scheduler/index-set.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../../scheduler/verification/verification.ts";
import { answersFromBytes, answersToBytes, HELD_CHUNK_TASKS } from "../held-chunks.ts";
import { bytes, integer, text, textOrNull } from "./columns.ts";
import type { StoredHeldChunk, StoredHeldOutput, StoredHeldVote } from "./thread-messages.ts";

type Row = Record<string, SQLOutputValue>;

const VOTE = "held_id, from_index, to_index, compute_server_id, volunteer, network, answers";
// No chunk holds more tasks than that, so one that touches the range begins no further before it.
const TOUCHES = `job_id = ? AND from_index < ? AND from_index > ? - ${HELD_CHUNK_TASKS} AND to_index > ?`;

/** The hot statements of outputs that wait to be accepted. */
export class HeldStatements {
  readonly #insert: StatementSync;
  readonly #votes: StatementSync;
  readonly #votesIn: StatementSync;
  readonly #outputsIn: StatementSync;
  readonly #setAnswers: StatementSync;
  readonly #remove: StatementSync;
  readonly #catch: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO held (job_id, from_index, to_index, compute_server_id, volunteer, network, answers, packed, large_json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#votes = database.prepare(`SELECT ${VOTE} FROM held WHERE job_id = ? ORDER BY held_id`);
    this.#votesIn = database.prepare(`SELECT ${VOTE} FROM held WHERE ${TOUCHES} ORDER BY held_id`);
    this.#outputsIn = database.prepare(`SELECT ${VOTE}, packed, large_json FROM held WHERE ${TOUCHES} ORDER BY held_id`);
    this.#setAnswers = database.prepare("UPDATE held SET answers = ? WHERE held_id = ?");
    this.#remove = database.prepare("DELETE FROM held WHERE held_id = ?");
    this.#catch = database.prepare("INSERT OR IGNORE INTO caught_servers (job_id, compute_server_id) VALUES (?, ?)");
  }

  insert(jobId: string, { chunk, computeServerId, volunteer, network, answers }: StoredHeldChunk): void {
    const { range: [from, to], packed, largeJson } = chunk;
    this.#insert.run(jobId, from, to, computeServerId, volunteer, network, answersToBytes(answers), packed, largeJson);
  }

  /** What is held of tasks that have not ended. */
  votes(jobId: string, ended: IndexRanges): StoredHeldVote[] {
    const done = new IndexSet(ended);
    const votes: StoredHeldVote[] = [];
    for (const row of this.#votes.iterate(jobId)) {
      const by = { computeServerId: text(row, "compute_server_id"), volunteer: text(row, "volunteer"), network: text(row, "network") };
      for (const [index, answer] of heldIn(row)) if (!done.has(index)) votes.push({ ...by, index, answer });
    }
    return votes;
  }

  outputs(jobId: string, range: IndexRange): StoredHeldOutput[] {
    const outputs: StoredHeldOutput[] = [];
    for (const row of this.#outputsIn.iterate(jobId, range[1], range[0], range[0])) {
      const valueAt = valuesOf(row);
      for (const [index, answer] of heldIn(row)) {
        if (index >= range[0] && index < range[1]) outputs.push({ index, answer, ...valueAt(index) });
      }
    }
    return outputs;
  }

  /** The outputs that are held with those answers, whose tasks ascend, and forgets all of their tasks. */
  take(jobId: string, accepted: readonly AcceptedAnswer[]): Map<number, StoredHeldOutput> {
    const first = accepted[0]?.index ?? 0;
    const range: IndexRange = [first, (accepted.at(-1)?.index ?? first) + 1];
    const wanted = new Map(accepted.map(({ index, answer }) => [index, answer]));
    const taken = new Map<number, StoredHeldOutput>();
    for (const output of this.outputs(jobId, range)) {
      if (wanted.get(output.index) === output.answer && !taken.has(output.index)) taken.set(output.index, output);
    }
    for (const { index, answer } of accepted) {
      if (!taken.has(index)) throw new GridError("not-found", `Cannot accept the answer ${answer} to task ${index} of job ${jobId}: no such output is held`);
    }
    this.#forget(jobId, range, (index) => wanted.has(index), "all");
    return taken;
  }

  drop(jobId: string, computeServerId: string, ranges: IndexRanges): void {
    for (const range of ranges) this.#forget(jobId, range, (index) => index >= range[0] && index < range[1], computeServerId);
  }

  /** Whether it is the first time. */
  caught(jobId: string, computeServerId: string): boolean {
    return Number(this.#catch.run(jobId, computeServerId).changes) > 0;
  }

  #forget(jobId: string, range: IndexRange, isMeant: (index: number) => boolean, computeServerId: string): void {
    for (const row of this.#votesIn.all(jobId, range[1], range[0], range[0])) {
      if (computeServerId !== "all" && text(row, "compute_server_id") !== computeServerId) continue;
      const from = integer(row, "from_index");
      const before = answersFromBytes(bytes(row, "answers"));
      const after = before.map((answer, i) => (isMeant(from + i) ? null : answer));
      if (after.every((answer) => answer === null)) this.#remove.run(integer(row, "held_id"));
      else if (after.some((answer, i) => answer !== before[i])) this.#setAnswers.run(answersToBytes(after), integer(row, "held_id"));
    }
  }
}

function* heldIn(row: Row): Generator<readonly [number, AnswerDigest]> {
  const from = integer(row, "from_index");
  for (const [i, answer] of answersFromBytes(bytes(row, "answers")).entries()) if (answer !== null) yield [from + i, answer];
}

function valuesOf(row: Row): (index: number) => { readonly value: Uint8Array; readonly large: LargeValue | null } {
  const from = integer(row, "from_index");
  const packed = new PackedValues(bytes(row, "packed"));
  const json = textOrNull(row, "large_json");
  const large = new Map((json === null ? [] : largeValuesSchema.parse(JSON.parse(json))).map((one) => [one.index, one]));
  return (index) => ({ value: packed.at(index - from), large: large.get(index) ?? null });
}
