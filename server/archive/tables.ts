import type { Generated } from "kysely";
import type { JobState } from "../../protocol/http/job.ts";

// The tables of the Results Archive as both databases have them. Every hot table is keyed by job id first. Ranges
// are half-open: `from_index` is in, `to_index` is not. Times are Unix ms.

export interface JobsTable {
  job_id: string;
  name: string;
  owner: string;
  /** What a text search looks through: see search-text.ts. */
  search: string;
  state: JobState;
  public: number; // 0 or 1
  created_at_ms: number;
  started_at_ms: number | null;
  ended_at_ms: number | null;
  tasks: number;
  done: number;
  failed: number;
  priority: number;
  max_attempts: number;
  task_timeout_ms: number;
  executable_id: string;
  notify_email: string | null;
  inputs_json: string;
  tags_json: string;
  view_json: string | null;
  args_json: string | null;
  /** What it asks of the scheduler beyond the columns above; null where it asks nothing. */
  asks_json: string | null;
  runs: Generated<number>;
  caught_servers: Generated<number>;
  /** Opens the job to who has its link; null where it is not shared so. */
  share_key: string | null;
  /** Its inputs, results, failures and large values. */
  stored_bytes: Generated<number>;
  /** As its owner wishes; null: as the operator says. */
  keep_days: number | null;
  /** From when its time counts; null: from its end. */
  kept_from_ms: number | null;
  warned_at_ms: number | null;
}

export interface Tables {
  schema_version: { version: number };
  jobs: JobsTable;
  /** Jobs whose inputs are being stored and whose row is not yet. */
  staged_jobs: { job_id: string };
  job_tags: { tag: string; job_id: string; public: number };
  idempotency_keys: { owner: string; idempotency_key: string; job_id: string };
  inputs: ChunksTable;
  results: ChunksTable;
  held: HeldTable;
  /** Compute Servers that gave a job a wrong answer. */
  caught_servers: { job_id: string; compute_server_id: string };
  failures: FailuresTable;
  /** Kept beside the failures, so that a page of a job with a million of them need not count them. */
  failure_groups: { job_id: string; message: string; stack: string; count: number; first_index: number };
  executables: { executable_id: string; owner: string; bytes: number; created_at_ms: number };
  outbox: OutboxTable;
  compute_servers: { compute_server_id: string; token_hash: string; name: string; registered_at_ms: number; account_id: string | null };
  /** Jobs that nobody finds any more, whose rows are still to go. */
  removed_jobs: { job_id: string };
  blob_uses: { job_id: string; blob_id: string };
  /** Who has stored or sent the same bytes. */
  executable_owners: { executable_id: string; owner: string; created_at_ms: number };
  /** Which Compute Server brought a blob: it alone may name it as an output. */
  uploads: { compute_server_id: string; blob_id: string; at_ms: number };
  accounts: AccountsTable;
  sessions: SessionsTable;
  tokens: TokensTable;
  invitations: InvitationsTable;
  audit: AuditTable;
  settings: { name: string; value_json: string };
}

export interface AccountsTable {
  account_id: string;
  name: string;
  role: string;
  email: string | null;
  password_hash: string | null;
  subject: string | null;
  invited: number; // 0 or 1
  vouched: number; // 0 or 1
  disabled: number; // 0 or 1
  created_at_ms: number;
  last_sign_in_at_ms: number | null;
  tasks_completed: number;
  tasks_failed: number;
  total_time_ms: number;
}

export interface SessionsTable {
  session_hash: string;
  session_id: string;
  account_id: string;
  created_at_ms: number;
  seen_at_ms: number;
  address: string;
  user_agent: string;
}

export interface TokensTable {
  token_hash: string;
  token_id: string;
  account_id: string;
  name: string;
  /** Separated by commas. */
  scopes: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  used_at_ms: number | null;
}

export interface InvitationsTable {
  code_hash: string;
  invitation_id: string;
  role: string;
  uses_left: number;
  expires_at_ms: number;
  note: string;
  created_by: string | null;
  created_at_ms: number;
  for_account_id: string | null;
}

interface AuditTable {
  entry_id: Generated<number>;
  at_ms: number;
  action: string;
  account: string | null;
  via: string;
  address: string;
  target: string;
  detail: string;
}

interface ChunksTable {
  job_id: string;
  from_index: number;
  to_index: number;
  packed: Uint8Array;
  /** JSON of the references to large values, null where there are none. */
  large_json: string | null;
}

/** Outputs that are not accepted. Chunks of a job overlap where a task was answered more than once. */
interface HeldTable extends ChunksTable {
  /** Ascends in the order of their coming. */
  held_id: Generated<number>;
  compute_server_id: string;
  volunteer: string;
  network: string;
  /** 16 bytes each; all zero where it is held no more. */
  answers: Uint8Array;
}

interface FailuresTable {
  job_id: string;
  task_index: number;
  message: string;
  stack: string;
  attempts: number;
  at_ms: number;
}

interface OutboxTable {
  entry_id: Generated<number>;
  job_id: string;
  email: string;
  attempts: number;
  /** Null: given up. */
  next_attempt_at_ms: number | null;
  error: string | null;
  kind: Generated<OutboxKind>;
}

/** What a mail is about: a job that has ended, or one that will be removed soon. */
export type OutboxKind = "ended" | "expiring";
