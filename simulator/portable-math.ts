/**
 * Logarithm, exponential and gamma made of + − × ÷ and the bits of a double alone. Those are exact by IEEE 754 everywhere,
 * where `Math.log` and its kin may differ in the last bit from one machine to another, and with them a whole trace (R10).
 */

const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const EXPONENT_BIAS = 1_023;
const MANTISSA_BITS = 0x000f_ffff;

const bits = new DataView(new ArrayBuffer(8));

/** Natural logarithm of a normal, positive double; off by no more than two units in the last place. */
export function ln(x: number): number {
  if (!(x >= 2 ** -1022 && x < Infinity)) throw new RangeError(`Cannot take the logarithm of ${x}: it must be positive and finite.`);
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  let exponent = (high >>> 20) - EXPONENT_BIAS;
  bits.setInt32(0, (high & MANTISSA_BITS) | (EXPONENT_BIAS << 20));
  let mantissa = bits.getFloat64(0); // 1 <= mantissa < 2
  if (mantissa > Math.SQRT2) { mantissa /= 2; exponent++; }
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s; // at most 0.0295
  // 2 artanh(s) = 2s (1 + s²/3 + s⁴/5 + ...), cut where a term is below 2^-56.
  let series = 1 / 21;
  for (let denominator = 19; denominator >= 3; denominator -= 2) series = series * s2 + 1 / denominator;
  return exponent * LN2_HIGH + (2 * s + (2 * s * s2 * series + exponent * LN2_LOW));
}

/** e to the power of x; Infinity above the range of doubles and 0 below that of normal ones. */
export function exp(x: number): number {
  if (x > 709.7) return Infinity;
  if (x < -708) return 0;
  const power = Math.round(x / Math.LN2);
  const r = (x - power * LN2_HIGH) - power * LN2_LOW; // |r| <= ln 2 / 2
  let series = 1;
  for (let i = 14; i >= 1; i--) series = 1 + (series * r) / i;
  bits.setFloat64(0, series);
  bits.setInt32(0, bits.getInt32(0) + (power << 20));
  return bits.getFloat64(0);
}

/** Lanczos' approximation with g = 7 (coefficients by Godfrey), good to 13 digits for x >= 0.5. */
const LANCZOS_G = 7;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const SQRT_TWO_PI = 2.5066282746310002;

/** The gamma function for x >= 1: (x − 1)! where x is whole. */
export function gamma(x: number): number {
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (x - 1 + i);
  const t = x - 0.5 + LANCZOS_G;
  return SQRT_TWO_PI * exp((x - 0.5) * ln(t) - t) * sum;
}
