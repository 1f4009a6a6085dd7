import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";

/** So many Compute Servers are looked at: where there are more, one of them has room in a moment anyway. */
const LOOKED_AT = 256;

/**
 * The batch that gives way to a job which has come and found no room: of those that wait behind a running one and that
 * `may` give way, the one whose turn is nearest. The newcomer then starts when that running batch is over, and not
 * behind two. Undefined where there is none.
 */
export function batchThatGivesWay(servers: Iterable<ComputeServer>, may: (batch: Batch) => boolean): Batch | undefined {
  let best: Batch | undefined;
  let bestAtMs = Infinity;
  let lookedAt = 0;
  for (const server of servers) {
    if (++lookedAt > LOOKED_AT) break;
    if (!server.usable) continue;
    let freeAtMs = Infinity;
    let position = 0;
    for (const batch of server.batches.values()) {
      if (position++ < server.lanes) {
        freeAtMs = Math.min(freeAtMs, batch.dueAtMs);
      } else if (freeAtMs < bestAtMs && !batch.askedBack && !batch.copy && may(batch)) {
        best = batch;
        bestAtMs = freeAtMs;
      }
    }
  }
  return best;
}
