import { ownerSchema, type ExecutableId, type Owner } from "../../../protocol/ids.ts";
import type { StoredExecutable } from "../archive.ts";
import type { Records } from "./records.ts";

/** A second time by the same owner changes nothing. */
export async function insertExecutable(records: Records, { executableId, owner, bytes, createdAtMs }: StoredExecutable): Promise<void> {
  const { database } = records;
  await records.write([
    database
      .insertInto("executables")
      .values({ executable_id: executableId, owner, bytes, created_at_ms: createdAtMs })
      .onConflict((conflict) => conflict.column("executable_id").doNothing())
      .compile(),
    database
      .insertInto("executable_owners")
      .values({ executable_id: executableId, owner, created_at_ms: createdAtMs })
      .onConflict((conflict) => conflict.columns(["executable_id", "owner"]).doNothing())
      .compile(),
  ]);
}

export async function findExecutable({ database }: Records, executableId: ExecutableId, owner: Owner): Promise<StoredExecutable | undefined> {
  const row = await database
    .selectFrom("executable_owners as of")
    .innerJoin("executables as stored", "stored.executable_id", "of.executable_id")
    .select(["of.owner", "of.created_at_ms", "stored.bytes"])
    .where("of.executable_id", "=", executableId)
    .where("of.owner", "=", owner)
    .executeTakeFirst();
  return row === undefined ? undefined : { executableId, owner: ownerSchema.parse(row.owner), bytes: row.bytes, createdAtMs: row.created_at_ms };
}

/** Whether anybody has stored it. */
export async function hasExecutable({ database }: Records, executableId: ExecutableId): Promise<boolean> {
  return (await database.selectFrom("executables").select("bytes").where("executable_id", "=", executableId).executeTakeFirst()) !== undefined;
}

export async function isExecutableShown({ database }: Records, executableId: ExecutableId, shareKey: string | undefined): Promise<boolean> {
  const using = database.selectFrom("jobs").select("job_id").where("executable_id", "=", executableId).limit(1);
  if ((await using.where("public", "=", 1).executeTakeFirst()) !== undefined) return true;
  return shareKey !== undefined && (await using.where("public", "=", 0).where("share_key", "=", shareKey).executeTakeFirst()) !== undefined;
}
