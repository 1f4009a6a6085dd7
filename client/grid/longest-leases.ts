export type LeaseNow = readonly [id: string, leftMs: number | null];

/** Takes in what is left now. Forgets who is gone; the same map where nothing changed. */
export function longestLeases(before: ReadonlyMap<string, number>, leases: readonly LeaseNow[]): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  for (const [id, leftMs] of leases) if (leftMs !== null) next.set(id, Math.max(leftMs, before.get(id) ?? 0));
  const same = next.size === before.size && [...next].every(([id, ms]) => before.get(id) === ms);
  return same ? before : next;
}
