import type { FrameType } from "./message-meter.ts";
import type { BalancerFigures } from "./scale.ts";

/** How many Load Balancers share one PostgreSQL, and in what portions they deal with it. */
export interface Deployment {
  readonly balancers: number;
  /** A span is worth this much time of its Load Balancer. */
  readonly spanMs: number;
  /** Results that a hub gathers into one row of the archive. */
  readonly resultsPerRow: number;
  /** A hub commits what has come so often, if anything has. */
  readonly commitMs: number;
}

/** At each of the three levels, a second. */
export interface Levels {
  readonly tab: { readonly framesUp: number; readonly framesDown: number; readonly bytesUp: number; readonly bytesDown: number };
  readonly balancer: {
    readonly tasks: number;
    readonly frames: number;
    readonly bytesUp: number;
    readonly bytesDown: number;
    readonly registrations: number;
    readonly commits: number;
    /** Of one core: scheduler and codec as measured, sockets by what ws takes a frame. Null where nothing was timed. */
    readonly schedulerShare: number | null;
    readonly codecShare: number | null;
    readonly socketShare: number;
    /** Share of the slots' time that tasks took. */
    readonly slotsBusy: number;
  };
  readonly archive: {
    readonly results: number;
    /** A row for each contiguous range of a report, as one hub with SQLite writes them. */
    readonly rowsAsReported: number;
    readonly rowsGathered: number;
    readonly commits: number;
    readonly spans: number;
    readonly enrolments: number;
    readonly outputBytes: number;
  };
}

/** What a part can take a second, and who says so. */
interface Limit {
  readonly what: string;
  readonly load: (levels: Levels) => number | null;
  readonly most: number;
  readonly source: string;
}

/** Of a core's second, ws takes so many frames. */
const FRAMES_A_CORE = 80_000;
const GIGABIT_BYTES = 125_000_000;

/** Measured apart, before and beside this: docs/scale.md says how each was. */
export const LIMITS: readonly Limit[] = [
  { what: "hub: one core", load: ({ balancer }) => coreShare(balancer), most: 1, source: "measured in this run, and 80 000 frames a core for ws" },
  { what: "hub: network, the busier way", load: ({ balancer }) => Math.max(balancer.bytesUp, balancer.bytesDown), most: GIGABIT_BYTES, source: "1 Gbit/s" },
  { what: "PostgreSQL: a row a reported range", load: ({ archive }) => archive.rowsAsReported, most: 74_000, source: "rows by unnest" },
  { what: "PostgreSQL: results in gathered rows", load: ({ archive }) => archive.results, most: 162_000, source: "rows of 100 results" },
  { what: "PostgreSQL: commits", load: ({ archive }) => archive.commits, most: 13_400, source: "pgbench, 100 connections" },
  { what: "PostgreSQL: spans taken", load: ({ archive }) => archive.spans, most: 1_890, source: "SKIP LOCKED, two hubs, 189 000 tasks/s in spans of 100" },
];

const UP: ReadonlySet<FrameType> = new Set<FrameType>(["register", "renew", "outcomes", "progress", "release", "unregister"]);

export function levelsOf(figures: BalancerFigures, deployment: Deployment): Levels {
  const { options, counts, frames, core, virtualMs } = figures;
  const { balancers, spanMs, resultsPerRow, commitMs } = deployment;
  const aSecond = (count: number) => (1_000 * count) / virtualMs;
  const sums = { framesUp: 0, framesDown: 0, bytesUp: 0, bytesDown: 0 };
  for (const [type, tally] of frames) {
    const isUp = UP.has(type);
    sums[isUp ? "framesUp" : "framesDown"] += aSecond(tally.frames);
    sums[isUp ? "bytesUp" : "bytesDown"] += aSecond(tally.bytes);
  }
  const { tabs, slots, outputBytes } = options;
  const framesAll = sums.framesUp + sums.framesDown;
  const results = aSecond(counts.results);
  const reports = aSecond(frames.get("outcomes")?.frames ?? 0);
  const commits = Math.min(1_000 / commitMs, reports);
  return {
    tab: { framesUp: sums.framesUp / tabs, framesDown: sums.framesDown / tabs, bytesUp: sums.bytesUp / tabs, bytesDown: sums.bytesDown / tabs },
    balancer: {
      tasks: results, frames: framesAll, bytesUp: sums.bytesUp, bytesDown: sums.bytesDown, commits,
      registrations: aSecond(frames.get("register")?.frames ?? 0),
      schedulerShare: core === null ? null : core.schedulerMs / virtualMs,
      codecShare: core === null ? null : core.codecMs / virtualMs,
      socketShare: framesAll / FRAMES_A_CORE,
      slotsBusy: counts.busyMs / (virtualMs * tabs * slots),
    },
    archive: {
      results: balancers * results, rowsAsReported: balancers * aSecond(counts.resultRows), rowsGathered: (balancers * results) / resultsPerRow,
      commits: balancers * commits, spans: (balancers * 1_000) / spanMs, enrolments: balancers * aSecond(counts.enrolments),
      outputBytes: balancers * results * outputBytes,
    },
  };
}

/** How often over its limit each part is, the one that comes first at the front. */
export function limitsOf(levels: Levels): readonly { readonly what: string; readonly times: number; readonly source: string }[] {
  return LIMITS.flatMap(({ what, load, most, source }) => {
    const loaded = load(levels);
    return loaded === null ? [] : [{ what, times: loaded / most, source }];
  }).toSorted((a, b) => b.times - a.times);
}

export function coreShare({ schedulerShare, codecShare, socketShare }: Levels["balancer"]): number | null {
  return schedulerShare === null || codecShare === null ? null : schedulerShare + codecShare + socketShare;
}
