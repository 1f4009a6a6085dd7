const LIMIT = 1_000_000;

/** How many primes there are below a million and so many. */
export default function sieve(more: number): number {
  const limit = LIMIT + more;
  const composite = new Uint8Array(limit);
  let primes = 0;
  for (let n = 2; n < limit; n++) {
    if (composite[n] === 1) continue;
    primes++;
    for (let multiple = n * n; multiple < limit; multiple += n) composite[multiple] = 1;
  }
  return primes;
}
