import type { ExecutableId } from "../../../protocol/ids.ts";
import { ownerSchema } from "../../../protocol/ids.ts";
import type { StoredExecutable } from "../archive.ts";
import type { Records } from "./records.ts";

/** A second time keeps the first owner. */
export async function insertExecutable(records: Records, { executableId, owner, bytes, createdAtMs }: StoredExecutable): Promise<void> {
  await records.write([
    records.database
      .insertInto("executables")
      .values({ executable_id: executableId, owner, bytes, created_at_ms: createdAtMs })
      .onConflict((conflict) => conflict.column("executable_id").doNothing())
      .compile(),
  ]);
}

export async function findExecutable({ database }: Records, executableId: ExecutableId): Promise<StoredExecutable | undefined> {
  const row = await database.selectFrom("executables").selectAll().where("executable_id", "=", executableId).executeTakeFirst();
  return row === undefined
    ? undefined
    : { executableId, owner: ownerSchema.parse(row.owner), bytes: row.bytes, createdAtMs: row.created_at_ms };
}
