/** A mean that was measured, and how sure it is. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** By batch means: the batches are taken for independent, so each must be much longer than the system remembers. */
export function batchMean(batches: readonly number[]): Estimate {
  const mean = average(batches);
  return { mean, standardError: Math.sqrt(sumOfProducts(batches, batches) / (batches.length - 1) / batches.length) };
}

/** Of a control's variance. */
const NEGLIGIBLE = 1e-6;

/** Measured in the same batches as what is wanted, and known beforehand. */
interface Control {
  readonly batches: readonly number[];
  readonly trueMean: number;
}

/**
 * Control variates (Lavenberg and Welch 1981): as far as the wanted and a control vary together, the measured error of the
 * control is taken out of the estimate, by linear regression over the batches.
 */
export function controlledMean(batches: readonly number[], controls: readonly Control[]): Estimate {
  let corrected = batches;
  const errors: (readonly number[])[] = [];
  for (const control of controls) {
    let error: readonly number[] = control.batches.map((batch) => batch - control.trueMean);
    const spread = sumOfProducts(error, error);
    // What an earlier control explains of this one is explained already; where that is all, only rounding is left.
    for (const earlier of errors) error = without(error, earlier);
    if (sumOfProducts(error, error) <= NEGLIGIBLE * spread) continue;
    corrected = without(corrected, error);
    errors.push(error);
  }
  const { mean, standardError } = batchMean(corrected);
  // Each slope is fitted to the same batches, which takes a degree of freedom.
  return { mean, standardError: standardError * Math.sqrt((batches.length - 1) / (batches.length - 1 - controls.length)) };
}

/** What is left of `values` when their regression on `error` is taken away. */
function without(values: readonly number[], error: readonly number[]): readonly number[] {
  const slope = sumOfProducts(values, error) / sumOfProducts(error, error);
  return values.map((value, at) => value - slope * (error[at] ?? Number.NaN));
}

export function scaled({ mean, standardError }: Estimate, factor: number): Estimate {
  return { mean: mean * factor, standardError: standardError * factor };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the deviations from the means. */
function sumOfProducts(a: readonly number[], b: readonly number[]): number {
  const meanA = average(a);
  const meanB = average(b);
  return a.reduce((sum, value, at) => sum + (value - meanA) * ((b[at] ?? Number.NaN) - meanB), 0);
}
