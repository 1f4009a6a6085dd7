import { decodeUp, encodeUp } from "../../protocol/codec.ts";
import type { Assign } from "../../protocol/down/assign.ts";
import type { BatchId, JobId } from "../../protocol/ids.ts";
import { batchIdSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { packValues } from "../../protocol/packed-values.ts";
import type { Up } from "../../protocol/up.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import { encodeValue } from "../../protocol/value.ts";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { mutateBytes, mutateMessage, pick, randomFrame } from "./mutate.ts";
import { clientFrame } from "./peer.ts";

/** What a hostile peer knows and may name in what it sends. */
export interface Known {
  /** The batches that this peer was given. */
  readonly batches: readonly Assign[];
  /** Jobs of others, and of nobody. */
  readonly jobIds: readonly [JobId, ...JobId[]];
  readonly resume: { readonly computeServerId: string; readonly resumeToken: string } | undefined;
}

/** One frame of these breaks the link; the others leave it open, so that what follows reaches an open link. */
const BREAKING_SHARE = 1 / 24;
const TRIES = 2;

/** The bytes that this number stands for: the same for the same number and knowledge. */
export function hostileFrame(seed: number, known: Known): Buffer {
  const random = new SeededRandom(seed);
  if (random.next() < BREAKING_SHARE) return breakingFrame(random, known);
  for (let i = 0; i < TRIES; i++) {
    const message = realMessage(random, known);
    const frame = random.below(4) === 0 ? encodeUp(message) : mutateMessage(message, random);
    if (isMessage(frame)) return clientFrame("binary", frame);
  }
  return clientFrame("binary", encodeUp(realMessage(random, known)));
}

function breakingFrame(random: SeededRandom, known: Known): Buffer {
  switch (random.below(12)) {
    case 0: return clientFrame("text", encodeUp(realMessage(random, known)));
    case 1: return clientFrame("continuation", randomFrame(random));
    case 2: return clientFrame("ping", randomFrame(random));
    case 3: return clientFrame("close", randomFrame(random).subarray(0, 125));
    // No WebSocket frame at all: reserved bits, lengths that lie, no mask.
    case 4: return Buffer.from(randomFrame(random));
    case 5: case 6: return clientFrame("binary", randomFrame(random));
    case 7: case 8: return clientFrame("binary", mutateMessage(realMessage(random, known), random));
    default: return clientFrame("binary", mutateBytes(encodeUp(realMessage(random, known)), random));
  }
}

/** The codec's word on it: a mutation that still is a message reaches what stands behind the codec. */
export function isMessage(frame: Uint8Array): boolean {
  try {
    decodeUp(frame);
    return true;
  } catch {
    return false;
  }
}

/** A message of the protocol, with ids that may be anybody's. */
export function realMessage(random: SeededRandom, known: Known): Up {
  const jobId = pick(random, known.jobIds);
  const batch = known.batches[random.below(known.batches.length)];
  const ids = batch !== undefined && random.below(3) > 0 ? batch : { batchId: anyBatchId(random), jobId };
  switch (random.below(9)) {
    case 0: return { type: "register", name: "again", slots: random.below(5), engine: "chromium-1", capabilities: [], leaseMs: 1 + random.below(1_000), holding: [anyBatchId(random)] };
    case 1: return { type: "renew", slots: random.below(pick(random, [2, 5, LIMITS.slots])) };
    case 2: return { type: "progress", running: [{ jobId, index: random.below(100), fraction: random.next() }], logs: [{ jobId, index: random.below(100), line: "x".repeat(random.below(50)) }] };
    case 3: return { type: "release", batchId: ids.batchId, jobId: ids.jobId, ranges: someRanges(random, batch) };
    default: return { type: "outcomes", sequence: 1 + random.below(1_000), reports: Array.from({ length: 1 + random.below(3) }, () => report(random, ids, batch)) };
  }
}

function report(random: SeededRandom, { batchId, jobId }: { readonly batchId: BatchId; readonly jobId: JobId }, batch: Assign | undefined): OutcomeReport {
  const done = random.below(4) === 0 ? [] : someRanges(random, batch);
  const count = done.reduce((sum, [from, to]) => sum + Math.min(to - from, 4), 0);
  return {
    batchId, jobId, done,
    outputs: packValues(Array.from({ length: count }, () => encodeValue(random.below(1_000)))),
    large: [],
    failures: random.below(4) > 0 ? [] : [{ index: batch?.ranges[0]?.[0] ?? random.below(100), kind: pick(random, ["error", "timeout", "slot-died", "unreadable-executable", "unsupported-value"]), message: "no", stack: "" }],
    busyMs: random.below(100),
  };
}

function someRanges(random: SeededRandom, batch: Assign | undefined): [number, number][] {
  const [from, to] = batch?.ranges[0] ?? [random.below(1_000), LIMITS.jobTasks];
  const first = random.below(5) === 0 ? random.below(LIMITS.jobTasks) : from;
  return [[first, Math.min(LIMITS.jobTasks, Math.max(first + 1, Math.min(to, first + 1 + random.below(4))))]];
}

function anyBatchId(random: SeededRandom): BatchId {
  return batchIdSchema.parse(random.below(pick(random, [20, 10_000])));
}
