/** The right to be found, for a time. It ends exactly at `endsAtMs`; at that moment it is over. */
export interface Lease {
  readonly durationMs: number;
  endsAtMs: number;
}

/** Grants what was asked for, or less where the grantor's own limit is shorter. Infinity is for ever. */
export function grantLease(requestedMs: number, maxMs: number, nowMs: number): Lease {
  const durationMs = Math.min(requestedMs, maxMs);
  return { durationMs, endsAtMs: nowMs + durationMs };
}

export function renewLease(lease: Lease, nowMs: number): void {
  lease.endsAtMs = nowMs + lease.durationMs;
}
