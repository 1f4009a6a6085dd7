export interface TableOptions {
  readonly seed: number;
  /** Short runs, for tests: misses that chance explains are none. */
  readonly quick: boolean;
}
