import { GridError } from "../../../protocol/grid-error.ts";
import { jobIdSchema } from "../../../protocol/ids.ts";
import type { OutboxEntry } from "../archive.ts";
import type { Records } from "./records.ts";

/** Mail that shall be tried by now, the longest due first. */
export async function listDueMail({ database }: Records, nowMs: number, limit: number): Promise<readonly OutboxEntry[]> {
  const rows = await database
    .selectFrom("outbox")
    .select(["entry_id", "job_id", "email", "kind", "attempts", "next_attempt_at_ms"])
    .where("next_attempt_at_ms", "<=", nowMs)
    .orderBy("next_attempt_at_ms")
    .orderBy("entry_id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    entryId: row.entry_id,
    jobId: jobIdSchema.parse(row.job_id),
    email: row.email,
    kind: row.kind,
    attempts: row.attempts,
    nextAttemptAtMs: row.next_attempt_at_ms ?? nowMs,
  }));
}

/** An entry that is gone already is no error: sent is sent. */
export async function removeMail(records: Records, entryId: number): Promise<void> {
  await records.write([records.database.deleteFrom("outbox").where("entry_id", "=", entryId).compile()]);
}

/** Throws GridError "not-found". */
export async function putOffMail(records: Records, entryId: number, error: string, nextAttemptAtMs: number | null): Promise<void> {
  const changed = await records.write([
    records.database
      .updateTable("outbox")
      .set(({ eb: build }) => ({ attempts: build("attempts", "+", 1), error, next_attempt_at_ms: nextAttemptAtMs }))
      .where("entry_id", "=", entryId)
      .compile(),
  ]);
  if (changed === 0) throw new GridError("not-found", `Cannot put off mail ${entryId}: there is no such entry in the outbox`);
}
