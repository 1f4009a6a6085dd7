import type { BatchId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Batch } from "./batch.ts";
import type { Command } from "./command.ts";
import type { ComputeServer } from "./compute-server.ts";

/** Tells the Compute Servers that hold them. One without a link learns it when it comes back and says what it holds. */
export function revokeBatches(batches: Iterable<Batch>, unstartedOnly: boolean, reason: string, out: Command[]): void {
  const byServer = new Map<ComputeServer, BatchId[]>();
  for (const { server, batchId } of batches) {
    if (!server.connected) continue;
    const batchIds = byServer.get(server);
    if (batchIds === undefined) byServer.set(server, [batchId]);
    else batchIds.push(batchId);
  }
  for (const [{ computeServerId }, batchIds] of byServer) {
    for (let from = 0; from < batchIds.length; from += LIMITS.reportsPerMessage) {
      out.push({ type: "revoke", computeServerId, batchIds: batchIds.slice(from, from + LIMITS.reportsPerMessage), unstartedOnly, reason });
    }
  }
}
