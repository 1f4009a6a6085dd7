import type { Batch } from "./batch.ts";
import type { Command } from "./command.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { SchedulerEvent } from "./event.ts";
import type { LookupService } from "./lookup-service.ts";
import { revokeBatches } from "./revoke-batches.ts";

/**
 * Registers a Compute Server that comes for the first time, or comes back. Batches that are still its own go on; those
 * it lost wait again at once; those it should not have it is told to drop.
 */
export function registerComputeServer(
  event: SchedulerEvent & { readonly type: "server-registered" }, lookup: LookupService, nowMs: number, out: Command[],
): ComputeServer {
  const { computeServerId, name, engine, capabilities = [], memoryMiB = null, slots, leaseMs, volunteer = computeServerId, network = "", vouched = false } = event;
  const server = lookup.registerServer(computeServerId, leaseMs, nowMs);
  server.name = name;
  server.offer = { engine, capabilities: new Set(capabilities), memoryMiB };
  server.volunteer = volunteer;
  server.network = network;
  server.vouched = vouched;
  server.slots = slots;
  server.connected = true;
  const holding = new Set(event.holding);
  const drop = event.holding.filter((batchId) => !server.batches.has(batchId));
  out.push({ type: "grant-lease", computeServerId, leaseMs: server.lease.durationMs, drop });

  const kept: Batch[] = [];
  const lost: Batch[] = [];
  for (const batch of server.batches.values()) (holding.has(batch.batchId) ? kept : lost).push(batch);
  server.loadBalancer?.dropBatches(lost, nowMs, out);
  for (const batch of kept) batch.askedBack = false;
  revokeBatches(kept.filter(({ job }) => job.state.kind === "paused" || slots === 0), true, "the job or this Compute Server is paused", out);
  server.loadBalancer?.serverChanged(server);
  return server;
}
