const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** A count in full, with separators: "10,000,000". */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A rate per second, as exact as it is useful: "0", "0.04", "3.2", "148", "12.5K". */
export function formatRate(perSecond: number): string {
  if (perSecond <= 0 || !Number.isFinite(perSecond)) return "0";
  if (perSecond < 0.01) return "< 0.01";
  if (perSecond < 1) return perSecond.toFixed(2);
  if (perSecond < 99.95) return perSecond.toFixed(1);
  return perSecond < 9_999.5 ? whole.format(perSecond) : compact.format(perSecond);
}

/** A share of a whole. It reads 100 % only when nothing is missing, and 0 % only when nothing is there. */
export function formatShare(part: number, total: number): string {
  if (total <= 0 || part <= 0) return "0 %";
  if (part >= total) return "100 %";
  const percent = (100 * part) / total;
  if (percent < 0.1) return "< 0.1 %";
  return `${Math.min(percent, 99.9).toFixed(1)} %`;
}

/** "1 task", "2 tasks". */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
