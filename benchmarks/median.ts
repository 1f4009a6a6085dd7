/** The middle value; of an even count the mean of the two in the middle. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (at(sorted, Math.floor((sorted.length - 1) / 2)) + at(sorted, Math.ceil((sorted.length - 1) / 2))) / 2;
}

/** The value that the part `share` (above 0, at most 1) of the values does not pass, by nearest rank: 0.99 is the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  return at(values.toSorted((a, b) => a - b), Math.ceil(values.length * share) - 1);
}

function at(sorted: readonly number[], position: number): number {
  const value = sorted[position];
  if (value === undefined) throw new RangeError("Cannot take a quantile: there are no values");
  return value;
}
