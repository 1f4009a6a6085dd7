/** A batch lasts at least so many round trips: while one runs, the report of the last and the next behind it must cross the network. */
const ROUND_TRIPS = 2;
/** The longest that a slow link makes a batch. */
const MAX_BATCH_MS = 10_000;

interface BatchTimeInput {
  /** What a batch should be worth where nothing speaks against it. */
  readonly targetMs: number;
  /** Of the Compute Server's link; 0 while unknown. */
  readonly roundTripMs: number;
  /** How long Compute Servers stay; Infinity while unknown. */
  readonly meanStayMs: number;
}

/**
 * How much slot time a batch should be worth. With an overhead c a batch and sessions of mean M the best length is about
 * √(2cM), if all of an unfinished batch is lost; here results stream back, so little is, and it is a bound from above.
 */
export function batchTimeMs({ targetMs, roundTripMs, meanStayMs }: BatchTimeInput): number {
  const bestMs = roundTripMs > 0 && meanStayMs < Infinity ? Math.sqrt(2 * roundTripMs * meanStayMs) : Infinity;
  return Math.min(MAX_BATCH_MS, Math.max(ROUND_TRIPS * roundTripMs, Math.min(targetMs, bestMs)));
}
