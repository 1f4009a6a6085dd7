import type { ComputeServerId } from "../../../protocol/ids.ts";
import type { StoredComputeServer } from "../archive.ts";
import type { Records } from "./records.ts";

export async function putComputeServer(records: Records, server: StoredComputeServer): Promise<void> {
  const row = { token_hash: server.tokenHash, name: server.name, registered_at_ms: server.registeredAtMs };
  await records.write([
    records.database
      .insertInto("compute_servers")
      .values({ compute_server_id: server.computeServerId, ...row })
      .onConflict((conflict) => conflict.column("compute_server_id").doUpdateSet(row))
      .compile(),
  ]);
}

export async function findComputeServer(
  { database }: Records, computeServerId: ComputeServerId,
): Promise<StoredComputeServer | undefined> {
  const row = await database.selectFrom("compute_servers").selectAll().where("compute_server_id", "=", computeServerId).executeTakeFirst();
  return row === undefined
    ? undefined
    : { computeServerId, tokenHash: row.token_hash, name: row.name, registeredAtMs: row.registered_at_ms };
}
