/**
 * Measures every contender once, then every one again, `runs` times: what else the machine does meanwhile meets all alike.
 * Answers the measurements of each by its name, in order.
 */
export async function interleaved(runs: number, contenders: ReadonlyMap<string, () => Promise<number>>): Promise<ReadonlyMap<string, readonly number[]>> {
  const measured = new Map<string, number[]>([...contenders.keys()].map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, measure] of contenders) measured.get(name)?.push(await measure());
  }
  return measured;
}
