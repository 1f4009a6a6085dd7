import { decodeUp } from "../protocol/codec.ts";
import { exponential } from "./distributions.ts";
import { MessageMeter, type Counts, type FrameType, type Tally } from "./message-meter.ts";
import { logUniform, populate, SOON_REPLACED, TAB_RESIDUE, TAB_SESSION } from "./population.ts";
import { lengths } from "./scenarios.ts";
import { World } from "./world.ts";

/** Until all are registered. */
const REGISTER_MS = 1_000;
/** Until the slowest have been measured and batches have their size: so many tasks one after the other, at least so long. */
const WARM_UP_TASKS = 10;
const WARM_UP_LEAST_MS = 3_000;
/** A run is over when so much has happened, if that is sooner than its time. */
const MAX_EVENTS = 200_000;
const LOOK_EVERY_MS = 1_000;
const TASKS = 1_000_000_000;
const TASK_TIMEOUT_MS = 30 * 60_000;
/** Speeds of tabs: the fastest is so many times the slowest. */
const SPEEDS = 30;
/** Decoding checks a schema, which is slow: one frame in so many is decoded to know what it costs. */
const DECODE_EVERY = 16;

export interface ScaleOptions {
  readonly seed: number;
  readonly tabs: number;
  readonly slots: number;
  /** Mean of exponential task lengths, on a slot of speed 1. */
  readonly taskMs: number;
  /** Virtual time that is measured, at most. */
  readonly measureMs: number;
  readonly maxEvents?: number;
  readonly outputBytes: number;
  /** Null: inputs are a numeric range. */
  readonly inputBytes: number | null;
  /** Without clocks nothing is timed. */
  readonly clocks?: Clocks;
}

/** Two clocks of the thread: all that passes, and what it had the processor for. */
export interface Clocks {
  readonly wallMs: () => number;
  readonly cpuMs: () => number;
}

/** Processor time of one core, ms. */
export interface CoreTime {
  readonly schedulerMs: number;
  readonly codecMs: number;
}

/** One Load Balancer with its tabs, over a while of virtual time. */
export interface BalancerFigures {
  readonly options: ScaleOptions;
  readonly virtualMs: number;
  readonly frames: ReadonlyMap<FrameType, Readonly<Tally>>;
  readonly counts: Readonly<Counts>;
  /** Null where nothing was timed. */
  readonly core: CoreTime | null;
  readonly traceHash: string;
}

/** Runs the scheduler that ships with so many tabs that come and go, and a job that does not end; counts what is sent. */
export function measureBalancer(options: ScaleOptions): BalancerFigures {
  const { seed, tabs, slots, taskMs, measureMs, maxEvents = MAX_EVENTS, outputBytes, inputBytes, clocks } = options;
  const world = new World(seed);
  const timing = clocks === undefined ? null : new CoreTiming(clocks);
  const meter = new MessageMeter({ outputBytes, inputBytes, ...(timing === null ? {} : { frame: timing.frame }) });
  if (timing !== null) world.timed = timing.scheduler;
  world.observer = meter;
  world.startLoadBalancer();
  populate(world, { servers: tabs, slots, speed: logUniform(SPEEDS), session: TAB_SESSION, residue: TAB_RESIDUE, away: SOON_REPLACED, sparing: true });
  world.run(REGISTER_MS);
  world.submit({ tasks: TASKS, lengthMs: lengths(exponential(taskMs), seed), taskTimeoutMs: TASK_TIMEOUT_MS });
  world.run(Math.max(WARM_UP_LEAST_MS, WARM_UP_TASKS * taskMs));
  meter.start();
  timing?.start();
  const startedAtMs = world.nowMs;
  while (world.nowMs - startedAtMs < measureMs && meter.counts.events < maxEvents) world.run(Math.min(LOOK_EVERY_MS, measureMs - (world.nowMs - startedAtMs)));
  return {
    options, virtualMs: world.nowMs - startedAtMs, frames: meter.frames, counts: meter.counts, core: timing?.result() ?? null,
    traceHash: world.traceHash.toString(16).padStart(8, "0"),
  };
}

/**
 * Times by the wall what the scheduler and the codec do, then takes out what the machine gave to others meanwhile: they
 * have the same part of the processor's time as of the wall's.
 */
class CoreTiming {
  readonly #clocks: Clocks;
  #wallFromMs = 0;
  #cpuFromMs = 0;
  #schedulerMs = 0;
  #encodeMs = 0;
  #decodeMs = 0;
  #upFrames = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  start(): void {
    this.#wallFromMs = this.#clocks.wallMs();
    this.#cpuFromMs = this.#clocks.cpuMs();
    this.#schedulerMs = 0;
  }

  readonly scheduler: World["timed"] = (handle) => {
    const fromMs = this.#clocks.wallMs();
    const commands = handle();
    this.#schedulerMs += this.#clocks.wallMs() - fromMs;
    return commands;
  };

  /** The hub encodes what goes down and decodes what comes up. */
  readonly frame = (direction: "up" | "down", encode: () => Uint8Array): Uint8Array => {
    const fromMs = this.#clocks.wallMs();
    const frame = encode();
    if (direction === "down") this.#encodeMs += this.#clocks.wallMs() - fromMs;
    else if (this.#upFrames++ % DECODE_EVERY === 0) {
      const decodeFromMs = this.#clocks.wallMs();
      decodeUp(frame);
      this.#decodeMs += DECODE_EVERY * (this.#clocks.wallMs() - decodeFromMs);
    }
    return frame;
  };

  result(): CoreTime {
    const share = (this.#clocks.cpuMs() - this.#cpuFromMs) / (this.#clocks.wallMs() - this.#wallFromMs);
    return { schedulerMs: share * this.#schedulerMs, codecMs: share * (this.#encodeMs + this.#decodeMs) };
  }
}
