export interface SparklinePath {
  readonly line: string;
  readonly area: string;
  readonly highest: number;
}

/** An SVG path through the values, oldest at the left, the highest at the top. Nothing but zeros lies at the bottom. */
export function sparklinePath(values: readonly number[], width: number, height: number): SparklinePath {
  const highest = Math.max(0, ...values);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const points = values.map((value, i) => `${round(i * step)},${round(height - (highest === 0 ? 0 : (value / highest) * height))}`);
  const line = points.length === 0 ? "" : `M${points.join("L")}`;
  return { line, area: line === "" ? "" : `${line}L${round((values.length - 1) * step)},${height}L0,${height}Z`, highest };
}

function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
