import { encodeUp } from "../../protocol/codec.ts";
import type { Assign } from "../../protocol/down/assign.ts";
import type { BatchId } from "../../protocol/ids.ts";
import type { LargeValue } from "../../protocol/large-values.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues, packValues } from "../../protocol/packed-values.ts";
import type { OutcomeReport, TaskFailure } from "../../protocol/up/outcomes.ts";
import { indexesOf, withoutIndexes } from "../batch-positions.ts";
import type { RunOutcomes } from "../supervisor/slot-control.ts";
import { HubFileError, type HubFiles } from "./hub-files.ts";
import type { Outbox } from "./outbox.ts";

/** Reports of several slots go together in one message while they stay below this. */
const MESSAGE_BYTES = 1024 * 1024;
/** How long a report waits for others. */
const GATHER_MS = 50;
/** … and how long when its slot has ended its work: the hub shall send more before the next is done, too. */
const GATHER_ENDED_MS = 4;
/** Batches with large outputs on their way. */
const MAX_SAVING = 32;
const EMPTY = packValues([]);
/** A hub that is away comes back within some minutes, or what it misses is computed again. */
const SAVE_ROUNDS = 60;
const SAVE_ROUND_MS = 5_000;

/** Puts outcomes into messages, large outputs into blobs, and keeps both until the hub has them. */
export class ReportSender {
  readonly #outbox: Outbox;
  readonly #files: HubFiles;
  readonly #send: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly #saving = new Map<BatchId, number>();
  #gathered: OutcomeReport[] = [];
  #gatheredBytes = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #dueAt = Infinity;
  #generation = 0;

  constructor(outbox: Outbox, files: HubFiles, send: (frame: Uint8Array<ArrayBuffer>) => void) {
    this.#outbox = outbox;
    this.#files = files;
    this.#send = send;
  }

  /** Batches of which finished work is here and not yet acknowledged. */
  batchIds(): BatchId[] {
    return [...this.#saving.keys(), ...this.#gathered.map(({ batchId }) => batchId), ...this.#outbox.batchIds()];
  }

  /** Too much waits for the hub: slots shall wait, too. */
  get isFull(): boolean {
    return this.#outbox.isFull || this.#saving.size >= MAX_SAVING;
  }

  /** The hub has everything. */
  get isEmpty(): boolean {
    return this.#outbox.size === 0 && this.#gathered.length === 0 && this.#saving.size === 0;
  }

  /** Takes outcomes; `urgent` where the slot would otherwise idle until the hub knows of them. */
  report({ batchId, jobId }: Assign, outcomes: RunOutcomes, urgent: boolean): void {
    const { done, outputs, failures, busyMs } = outcomes;
    const report: OutcomeReport = { batchId, jobId, done: mutable(done), outputs, large: [], failures: [...failures], busyMs };
    const packed = new PackedValues(outputs);
    const isLarge = packed.bytes.byteLength > LIMITS.inlinePayloadBytes && hasLarge(packed);
    if (!isLarge) return this.#gather(report, urgent, outcomes.ended);
    this.#saving.set(batchId, (this.#saving.get(batchId) ?? 0) + 1);
    void this.#saveLarge(report, packed, urgent, outcomes.ended);
  }

  /** Sends what has come together, now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt = Infinity;
    const reports = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (reports.length === 0) return;
    const batchIds = [...new Set(reports.map(({ batchId }) => batchId))];
    this.#send(this.#outbox.add(batchIds, (sequence) => encodeUp({ type: "outcomes", sequence, reports })));
  }

  /** Forgets all: this tab is not the Compute Server any more that did it. */
  clear(): void {
    this.#generation++;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#saving.clear();
    this.#outbox.clear();
  }

  #gather(report: OutcomeReport, urgent: boolean, ended: boolean): void {
    const bytes = report.outputs.byteLength + report.failures.reduce((sum, { message, stack }) => sum + 4 * (message.length + stack.length), 0);
    if (this.#gatheredBytes + bytes > MESSAGE_BYTES || this.#gathered.length >= LIMITS.reportsPerMessage) this.flush();
    this.#gathered.push(report);
    this.#gatheredBytes += bytes;
    if (urgent) return this.flush();
    const waitMs = ended ? GATHER_ENDED_MS : GATHER_MS;
    const dueAt = performance.now() + waitMs;
    if (dueAt >= this.#dueAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.flush(), waitMs);
  }

  async #saveLarge(report: OutcomeReport, packed: PackedValues, urgent: boolean, ended: boolean): Promise<void> {
    const generation = this.#generation;
    const small = await this.#withoutLarge(report, packed, generation);
    if (generation !== this.#generation) return;
    const left = (this.#saving.get(report.batchId) ?? 1) - 1;
    if (left > 0) this.#saving.set(report.batchId, left);
    else this.#saving.delete(report.batchId);
    this.#gather(small, urgent, ended);
  }

  /** Stores the large outputs as blobs, leaving their places empty. One that the hub does not take fails its task. */
  async #withoutLarge(report: OutcomeReport, packed: PackedValues, generation: number): Promise<OutcomeReport> {
    const values: Uint8Array[] = [];
    const large: LargeValue[] = [];
    const failures: TaskFailure[] = [];
    let position = 0;
    for (const index of indexesOf(report.done)) {
      const value = packed.at(position++);
      if (value.byteLength <= LIMITS.inlinePayloadBytes) {
        values.push(value);
        continue;
      }
      try {
        large.push({ index, blobId: await this.#save(value, generation), bytes: value.byteLength });
        values.push(new Uint8Array(0));
      } catch (error) {
        failures.push({ index, kind: "error", message: `Cannot store the output of ${value.byteLength} bytes: ${error instanceof Error ? error.message : String(error)}`.slice(0, LIMITS.errorMessageChars), stack: "" });
      }
    }
    const done = withoutIndexes(report.done, failures.map(({ index }) => index));
    return { ...report, done: mutable(done), outputs: values.length === 0 ? EMPTY : packValues(values), large, failures: [...report.failures, ...failures] };
  }

  async #save(value: Uint8Array, generation: number) {
    for (let round = 1; ; round++) {
      try {
        return await this.#files.save(value);
      } catch (error) {
        const refused = error instanceof HubFileError && (error.status === 413 || error.status === 400);
        if (refused || round >= SAVE_ROUNDS || generation !== this.#generation) throw error;
      }
      await new Promise((resolve) => { setTimeout(resolve, SAVE_ROUND_MS); });
    }
  }
}

function hasLarge(packed: PackedValues): boolean {
  for (let i = 0; i < packed.count; i++) if (packed.at(i).byteLength > LIMITS.inlinePayloadBytes) return true;
  return false;
}

function mutable(ranges: RunOutcomes["done"]): [number, number][] {
  return ranges.map(([from, to]) => [from, to]);
}
