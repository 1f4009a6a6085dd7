import type { Selectable } from "kysely";
import { roleSchema } from "../../../protocol/http/accounts.ts";
import { accountIdSchema } from "../../../protocol/ids.ts";
import type { StoredInvitation } from "../account-store.ts";
import type { InvitationsTable } from "../tables.ts";
import type { Records } from "./records.ts";

export async function insertInvitation(records: Records, invitation: StoredInvitation): Promise<void> {
  await records.write([
    records.database.insertInto("invitations").values({
      code_hash: invitation.codeHash, invitation_id: invitation.invitationId, role: invitation.role, uses_left: invitation.usesLeft,
      expires_at_ms: invitation.expiresAtMs, note: invitation.note, created_by: invitation.createdBy, created_at_ms: invitation.createdAtMs,
      for_account_id: invitation.forAccountId,
    }).compile(),
  ]);
}

function good({ database }: Records, nowMs: number) {
  return database.selectFrom("invitations").selectAll().where("uses_left", ">", 0).where("expires_at_ms", ">", nowMs);
}

export async function findInvitation(records: Records, codeHash: string, nowMs: number): Promise<StoredInvitation | undefined> {
  const row = await good(records, nowMs).where("code_hash", "=", codeHash).executeTakeFirst();
  return row === undefined ? undefined : invitationFromRow(row);
}

export async function listInvitations(records: Records, nowMs: number, limit: number): Promise<readonly StoredInvitation[]> {
  const rows = await good(records, nowMs).orderBy("created_at_ms", "desc").orderBy("invitation_id").limit(limit).execute();
  return rows.map(invitationFromRow);
}

export async function deleteInvitation(records: Records, invitationId: string): Promise<boolean> {
  return (await records.write([records.database.deleteFrom("invitations").where("invitation_id", "=", invitationId).compile()])) > 0;
}

function invitationFromRow(row: Selectable<InvitationsTable>): StoredInvitation {
  return {
    codeHash: row.code_hash, invitationId: row.invitation_id, role: roleSchema.parse(row.role), usesLeft: row.uses_left, expiresAtMs: row.expires_at_ms,
    note: row.note, createdBy: row.created_by, createdAtMs: row.created_at_ms,
    forAccountId: row.for_account_id === null ? null : accountIdSchema.parse(row.for_account_id),
  };
}
