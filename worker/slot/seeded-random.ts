const TWO_POW_53 = 2 ** 53;

/**
 * Random numbers that depend on the job and the task alone, so that a task gives the same output wherever it runs.
 * The generator is sfc32 (Doty-Humphrey, PractRand), its 128 bits of state filled by splitmix32.
 */
export class SeededRandom {
  readonly #seed: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(jobId: string) {
    this.#seed = hash(jobId);
    this.reseed(0);
  }

  reseed(index: number): void {
    let state = (this.#seed ^ Math.imul(index + 1, 0x9e37_79b1)) | 0;
    const next = () => {
      state = (state + 0x9e37_79b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0_aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a_2d97);
      return (mixed ^ (mixed >>> 15)) | 0;
    };
    this.#a = next();
    this.#b = next() ^ index;
    this.#c = next() ^ this.#seed;
    this.#d = 1;
    for (let i = 0; i < 12; i++) this.#word();
  }

  /** Uniform in [0, 1), with 53 random bits. */
  next(): number {
    return ((this.#word() >>> 5) * 0x400_0000 + (this.#word() >>> 6)) / TWO_POW_53;
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }
}

/** FNV-1a, finished by the murmur3 mix so that near ids give far seeds. */
function hash(text: string): number {
  let state = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x0100_0193);
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
  return (state ^ (state >>> 16)) | 0;
}
