import type { AuditEntry } from "../../protocol/http/accounts-operation.ts";
import type { AccountStore } from "../archive/account-store.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import type { Principal } from "./principal.ts";

/** What is written down when somebody did it. */
export type AuditAction =
  | "sign-in" | "sign-in-failed" | "sign-out" | "sign-out-everywhere" | "sign-up" | "session-ended"
  | "password-changed" | "password-reset" | "account-changed"
  | "token-made" | "token-revoked"
  | "invitation-made" | "invitation-revoked" | "password-link-made" | "operator-link-made"
  | "settings-changed"
  | "job-cancelled" | "job-paused" | "job-resumed" | "job-retried" | "job-shared" | "job-kept" | "job-removed";

export interface Deed {
  readonly action: AuditAction;
  readonly target?: string;
  readonly detail?: string;
}

/** Who did what, when, from where. Bounded: the oldest entries go. */
export class AuditLog {
  readonly #store: AccountStore;

  constructor(store: AccountStore) {
    this.#store = store;
  }

  /** Settles when it is on disk. */
  async note(principal: Principal, address: string, deed: Deed): Promise<void> {
    const who = principal.kind === "account" ? { account: principal.name, via: principal.via } : { account: null, via: "none" as const };
    await this.#add({ ...who, address }, deed);
  }

  /** Something that the hub's own terminal did. */
  async noteTerminal(deed: Deed): Promise<void> {
    await this.#add({ account: null, via: "terminal", address: "" }, deed);
  }

  async #add(who: Pick<AuditEntry, "account" | "via" | "address">, { action, target = "", detail = "" }: Deed): Promise<void> {
    const entry: AuditEntry = {
      at: Date.now(), action, ...who, target: target.slice(0, ACCOUNT_LIMITS.auditDetailChars), detail: detail.slice(0, ACCOUNT_LIMITS.auditDetailChars),
    };
    await this.#store.addAudit(entry, ACCOUNT_LIMITS.auditEntries);
  }
}
