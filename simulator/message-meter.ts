import { encodeDown, encodeUp } from "../protocol/codec.ts";
import type { BatchInputs } from "../protocol/down/assign.ts";
import type { Down } from "../protocol/down.ts";
import { batchIdSchema, computeServerIdSchema, jobIdSchema, loadBalancerIdSchema, resumeTokenSchema } from "../protocol/ids.ts";
import type { BatchId, ComputeServerId, JobId } from "../protocol/ids.ts";
import { countIndexes, type IndexRanges } from "../protocol/index-range.ts";
import { packValues } from "../protocol/packed-values.ts";
import type { Up } from "../protocol/up.ts";
import type { Command } from "../scheduler/command.ts";
import type { SchedulerEvent } from "../scheduler/event.ts";
import type { Observer, OutcomesEvent } from "./world.ts";

/** Ids, sequences and indexes as they are after years of use: they grow with the time, and small ones would weigh less. */
const ID_CHARS = 16;
const TOKEN_CHARS = 43;
const FIRST_BATCH_ID = 1.8e15;
const FIRST_SEQUENCE = 1.8e12;
const FIRST_INDEX = 500_000_000;
const CAPABILITIES = ["wasm", "wasm-simd", "wasm-relaxed-simd", "wasm-exceptions", "wasm-gc", "wasm-tail-calls"];
const HEARTBEAT_MS = 10_000;

export type FrameType = Up["type"] | Down["type"];

export interface Tally {
  frames: number;
  /** WebSocket headers included; TLS and TCP are not. */
  bytes: number;
}

/** What else the archive and the books of a hub have to do with. */
export interface Counts {
  events: number;
  /** Tasks accepted. */
  results: number;
  /** Contiguous ranges that they were accepted in: the hub writes a row for each. */
  resultRows: number;
  /** Batches handed out. */
  batches: number;
  /** Compute Servers that came for the first time: each is a row in the archive, too. */
  enrolments: number;
  /** Slot time of what ended, ms. */
  busyMs: number;
}

export interface MeterOptions {
  /** One output, and one input where they are no numeric range, encoded. */
  readonly outputBytes: number;
  readonly inputBytes: number | null;
  /** What the hub has to encode and to decode passes through here. */
  readonly frame?: (direction: "up" | "down", encode: () => Uint8Array) => Uint8Array;
}

/**
 * Counts what travels between a hub and its Compute Servers: each message as the real codec encodes it, from what the
 * world tells. Progress and log lines, which job code sends or does not, are none here.
 */
export class MessageMeter implements Observer {
  readonly frames = new Map<FrameType, Tally>();
  readonly counts: Counts = { events: 0, results: 0, resultRows: 0, batches: 0, enrolments: 0, busyMs: 0 };
  readonly #options: MeterOptions;
  #counting = false;
  readonly #linked = new Set<ComputeServerId>();
  /** Everybody who ever registered: who comes again resumes. */
  readonly #known = new Set<ComputeServerId>();
  readonly #packed = new Map<string, Uint8Array<ArrayBuffer>>();
  #sequence = FIRST_SEQUENCE;

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /** Begins to count: what was before is no part of it. */
  start(): void {
    this.#counting = true;
  }

  busy(_server: unknown, fromMs: number, toMs: number): void {
    if (this.#counting) this.counts.busyMs += toMs - fromMs;
  }

  presenceChanged(): void {}

  commanded(event: SchedulerEvent, commands: readonly Command[]): void {
    if (this.#counting) this.counts.events++;
    this.#came(event);
    for (const command of commands) this.#commanded(command);
    if (event.type === "server-disconnected" || event.type === "server-unregistered") this.#linked.delete(event.computeServerId);
  }

  framed(events: readonly OutcomesEvent[]): void {
    if (!this.#counting) return;
    const sequence = this.#sequence++;
    const reports = events.map(({ batchId, jobId, done, failures, busyMs }) => ({
      batchId: realBatchId(batchId), jobId: realJobId(jobId), done: realRanges(done), outputs: this.#values(countIndexes(done), this.#options.outputBytes),
      large: [], failures: failures.map((failure) => ({ ...failure, index: FIRST_INDEX + failure.index })), busyMs,
    }));
    this.#up({ type: "outcomes", sequence, reports });
    this.#down({ type: "acknowledge", upTo: sequence });
  }

  #came(event: SchedulerEvent): void {
    switch (event.type) {
      case "server-registered": return this.#registered(event);
      // Where the volunteer changes nothing the tab sends its slots all the same.
      case "server-renewed": return this.#up({ type: "renew", slots: event.slots ?? 1 });
      case "released": return this.#up({ type: "release", batchId: realBatchId(event.batchId), jobId: realJobId(event.jobId), ranges: realRanges(event.ranges) });
      case "server-unregistered": return this.#up({ type: "unregister" });
      default: return;
    }
  }

  #registered({ computeServerId, slots, leaseMs, holding }: SchedulerEvent & { readonly type: "server-registered" }): void {
    this.#linked.add(computeServerId);
    const isKnown = this.#known.has(computeServerId);
    this.#known.add(computeServerId);
    if (!isKnown && this.#counting) this.counts.enrolments++;
    this.#up({
      type: "register", ...(isKnown ? { resume: { computeServerId: realServerId(computeServerId), resumeToken: TOKEN } } : {}),
      name: "", slots, engine: "chromium-156", capabilities: CAPABILITIES, memoryMiB: 8_192, leaseMs, holding: holding.map(realBatchId),
    });
  }

  #commanded(command: Command): void {
    if (command.type === "accept" && this.#counting) {
      this.counts.results += countIndexes(command.ranges);
      this.counts.resultRows += command.ranges.length;
    }
    // Who has no link is told nothing.
    if (!("computeServerId" in command) || !this.#linked.has(command.computeServerId)) return;
    switch (command.type) {
      case "grant-lease": return this.#down({
        type: "registered", computeServerId: realServerId(command.computeServerId), resumeToken: TOKEN, loadBalancerId: LOAD_BALANCER,
        leaseMs: command.leaseMs, heartbeatMs: HEARTBEAT_MS, drop: command.drop.map(realBatchId),
      });
      case "assign": return this.#assign(command);
      case "revoke": return this.#down({ type: "revoke", batchIds: command.batchIds.map(realBatchId), unstartedOnly: command.unstartedOnly, reason: command.reason });
      case "expire-server":
        this.#linked.delete(command.computeServerId);
        return;
      case "hold": case "drop-held": case "server-caught": return; // between the scheduler and the archive
    }
  }

  #assign({ batchId, jobId, executableId, ranges, taskTimeoutMs }: Command & { readonly type: "assign" }): void {
    if (!this.#counting) return;
    this.counts.batches++;
    const { inputBytes } = this.#options;
    const inputs: BatchInputs = inputBytes === null ? { kind: "range", start: FIRST_INDEX, step: 1 }
      : { kind: "values", packed: this.#values(countIndexes(ranges), inputBytes), large: [] };
    this.#down({
      type: "assign", batchId: realBatchId(batchId), jobId: realJobId(jobId), jobName: "simulated", owner: "researcher", executableId,
      ranges: realRanges(ranges), inputs, taskTimeoutMs,
    });
  }

  #values(count: number, bytes: number): Uint8Array<ArrayBuffer> {
    const key = `${count}:${bytes}`;
    let packed = this.#packed.get(key);
    if (packed === undefined) {
      packed = packValues(Array.from({ length: count }, () => new Uint8Array(bytes)));
      this.#packed.set(key, packed);
    }
    return packed;
  }

  #up(message: Up): void {
    if (!this.#counting) return;
    const { byteLength } = this.#framed("up", () => encodeUp(message));
    this.#add(message.type, byteLength + headerBytes(byteLength) + MASK_BYTES);
  }

  #down(message: Down): void {
    if (!this.#counting) return;
    const { byteLength } = this.#framed("down", () => encodeDown(message));
    this.#add(message.type, byteLength + headerBytes(byteLength));
  }

  #framed(direction: "up" | "down", encode: () => Uint8Array): Uint8Array {
    return this.#options.frame?.(direction, encode) ?? encode();
  }

  #add(type: FrameType, bytes: number): void {
    const tally = this.frames.get(type) ?? { frames: 0, bytes: 0 };
    this.frames.set(type, tally);
    tally.frames++;
    tally.bytes += bytes;
  }
}

const TOKEN = resumeTokenSchema.parse("t".repeat(TOKEN_CHARS));
const LOAD_BALANCER = loadBalancerIdSchema.parse("b".repeat(ID_CHARS));
/** RFC 6455: a browser masks what it sends. */
const MASK_BYTES = 4;

function headerBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

function realServerId(id: ComputeServerId): ComputeServerId {
  return computeServerIdSchema.parse(id.padEnd(ID_CHARS, "-"));
}

function realJobId(id: JobId): JobId {
  return jobIdSchema.parse(id.padEnd(ID_CHARS, "-"));
}

function realBatchId(id: BatchId): BatchId {
  return batchIdSchema.parse(FIRST_BATCH_ID + id);
}

function realRanges(ranges: IndexRanges): [number, number][] {
  return ranges.map(([from, to]) => [FIRST_INDEX + from, FIRST_INDEX + to]);
}
