import { accountIdSchema, type BlobId, type ComputeServerId } from "../../../protocol/ids.ts";
import type { StoredComputeServer } from "../archive.ts";
import type { Records } from "./records.ts";

export async function putComputeServer(records: Records, server: StoredComputeServer): Promise<void> {
  const row = { token_hash: server.tokenHash, name: server.name, registered_at_ms: server.registeredAtMs, account_id: server.accountId };
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
    : {
      computeServerId, tokenHash: row.token_hash, name: row.name, registeredAtMs: row.registered_at_ms,
      accountId: row.account_id === null ? null : accountIdSchema.parse(row.account_id),
    };
}

export async function putUpload(records: Records, computeServerId: ComputeServerId, blobId: BlobId, atMs: number): Promise<void> {
  await records.write([
    records.database
      .insertInto("uploads")
      .values({ compute_server_id: computeServerId, blob_id: blobId, at_ms: atMs })
      .onConflict((conflict) => conflict.columns(["compute_server_id", "blob_id"]).doUpdateSet({ at_ms: atMs }))
      .compile(),
  ]);
}

export async function findUpload({ database }: Records, computeServerId: ComputeServerId, blobId: BlobId): Promise<boolean> {
  const row = await database.selectFrom("uploads").select("at_ms").where("compute_server_id", "=", computeServerId).where("blob_id", "=", blobId).executeTakeFirst();
  return row !== undefined;
}

export async function deleteUploads(records: Records, beforeMs: number): Promise<void> {
  await records.write([records.database.deleteFrom("uploads").where("at_ms", "<", beforeMs).compile()]);
}
