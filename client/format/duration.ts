const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of time for people: at most two units, for example "850 ms", "3.2 s", "4 min 5 s", "2 h 10 min", "3 d 4 h". */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "for ever";
  const time = Math.max(0, ms);
  if (time < SECOND) return `${Math.round(time)} ms`;
  if (time < 10 * SECOND) return `${(Math.floor(time / 100) / 10).toFixed(1)} s`;
  if (time < MINUTE) return `${Math.floor(time / SECOND)} s`;
  if (time < HOUR) return twoUnits(time, MINUTE, "min", SECOND, "s");
  if (time < DAY) return twoUnits(time, HOUR, "h", MINUTE, "min");
  return twoUnits(time, DAY, "d", HOUR, "h");
}

function twoUnits(time: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((time % large) / small);
  const head = `${Math.floor(time / large)} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/** What is left of a lease; null is a lease for ever. */
export function formatLeaseLeft(leftMs: number | null): string {
  return leftMs === null ? "for ever" : formatDuration(leftMs);
}

/** How long ago something was, for example "just now", "5 min ago". Unix ms. */
export function formatAgo(atMs: number, nowMs: number): string {
  const passed = nowMs - atMs;
  if (passed < 2 * SECOND) return "just now";
  return `${largestUnit(passed)} ago`;
}

function largestUnit(time: number): string {
  if (time < MINUTE) return `${Math.floor(time / SECOND)} s`;
  if (time < HOUR) return `${Math.floor(time / MINUTE)} min`;
  if (time < DAY) return `${Math.floor(time / HOUR)} h`;
  return `${Math.floor(time / DAY)} d`;
}
