import { bullmq } from "./bullmq.ts";
import { dask, findDask } from "./dask.ts";
import type { PromptPeer } from "./peer.ts";
import { findRedis } from "./redis-server.ts";

/** The peers that store or send something and are found on this machine, and a note for each that is not. */
export async function installedPeers(): Promise<{ readonly peers: readonly PromptPeer[]; readonly notes: readonly string[] }> {
  const redisPath = await findRedis();
  const daskVersion = await findDask();
  const notes: string[] = [];
  if (redisPath === null) notes.push("BullMQ was not measured: there is no `redis-server` here.");
  if (daskVersion === null) notes.push("Dask was not measured: Debian's `python3-distributed` is not installed.");
  return { peers: [...(redisPath === null ? [] : [bullmq(redisPath)]), ...(daskVersion === null ? [] : [dask(daskVersion)])], notes };
}
