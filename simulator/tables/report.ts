/** One figure beside its reference. */
export interface Figure {
  /** Of the row, as in NUMBERS.md. */
  readonly row: string;
  /** Of the column, with its unit: "λ=.90", "T=5". */
  readonly column: string;
  readonly ours: number;
  /** Null where ours is drawn from nothing random. */
  readonly standardError: number | null;
  /** Null: for information, there is nothing to miss. */
  readonly reference: number | null;
  /** Allowed deviation, as a part of the reference. 0 asks for equality. */
  readonly tolerance: number;
  /** Below the reference by any amount is as good. */
  readonly atMost?: boolean;
  /** What chance explains is no miss in a full run either: no run is long enough to be as precise as its reference. */
  readonly isSample?: boolean;
  /** How ours came about, in a few words. */
  readonly method: string;
}

export interface Judgement {
  /** As a part of the reference. */
  readonly deviation: number;
  readonly missed: boolean;
}

/** A quick run is too short to be precise; it, and a sample, may miss by chance what this many standard errors explain. */
const CHANCE_STANDARD_ERRORS = 4;

/** Undefined where there is no reference. */
export function judge(figure: Figure, quick: boolean): Judgement | undefined {
  const { ours, reference, standardError, tolerance, atMost = false, isSample = false } = figure;
  if (reference === null) return undefined;
  const deviation = (ours - reference) / reference;
  const byChance = (quick || isSample) && standardError !== null ? (CHANCE_STANDARD_ERRORS * standardError) / reference : 0;
  // Not <=, so that what is no number is a miss.
  return { deviation, missed: !((atMost ? deviation : Math.abs(deviation)) <= tolerance + byChance) };
}

const COLUMNS = ["row", "at", "ours", "reference", "off by", "allowed", "std. error", "", "method"] as const;
const ALIGNED_LEFT = new Set<string>(["row", "at", "", "method"]);

/** A table in columns of equal width, one figure a line. */
export function printed(figures: readonly Figure[], quick: boolean): string {
  const lines = [COLUMNS, ...figures.map((figure) => cells(figure, quick))];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => {
    const width = widths[column] ?? 0;
    return ALIGNED_LEFT.has(COLUMNS[column] ?? "") ? cell.padEnd(width) : cell.padStart(width);
  }).join("  ").trimEnd()).join("\n");
}

function cells(figure: Figure, quick: boolean): readonly string[] {
  const { row, column, ours, reference, standardError, tolerance, atMost = false, isSample = false, method } = figure;
  const judgement = judge(figure, quick);
  const isCount = tolerance === 0 && !isSample && !atMost;
  return [
    row, column, number(ours, isCount), reference === null ? "" : number(reference, isCount),
    judgement === undefined ? "" : percent(judgement.deviation),
    judgement === undefined ? "" : atMost ? "below" : tolerance === 0 ? (isSample ? "chance" : "exact") : percent(tolerance),
    standardError === null ? "" : percent(ours === 0 ? 0 : standardError / ours),
    judgement === undefined ? "" : judgement.missed ? "MISSED" : "ok",
    method,
  ];
}

function number(value: number, isCount: boolean): string {
  return isCount ? value.toString() : value.toPrecision(5);
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}
