import type { InvitationOffer, InvitationView, NewInvitation } from "../../protocol/http/accounts-invitations.ts";
import type { AccountStore, StoredAccount, StoredInvitation } from "../archive/account-store.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { hashOf, newId, newSecret } from "./secrets.ts";

/** An invitation, and the code that its link carries: told once. */
export interface MadeCode {
  readonly view: InvitationView;
  readonly code: string;
}

/** Where the page of an invitation is. The code stands behind the #, so that no server on the way and no log sees it. */
export function invitationUrl(base: string, code: string): string {
  return `${base}/invitation#${code}`;
}

/** Links by which people come, the first operator too, and by which those who forgot their password get a new one. */
export class Invitations {
  readonly #store: AccountStore;
  readonly #now: () => number;

  constructor(store: AccountStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** `createdBy`: the name of an account, or null for the hub's own terminal. */
  make({ role, uses, expiresInMs, note = "" }: NewInvitation, createdBy: string | null): Promise<MadeCode> {
    return this.#make({ role, usesLeft: uses, note, createdBy, forAccountId: null }, expiresInMs, null);
  }

  makeOperatorLink(): Promise<MadeCode> {
    return this.make({ role: "operator", uses: 1, expiresInMs: ACCOUNT_LIMITS.operatorLinkMs, note: "printed by the hub" }, null);
  }

  makePasswordLink({ accountId, name, role }: StoredAccount, createdBy: string): Promise<MadeCode> {
    return this.#make({ role, usesLeft: 1, note: "", createdBy, forAccountId: accountId }, ACCOUNT_LIMITS.passwordLinkMs, name);
  }

  /** What a code is good for, or undefined. */
  async offer(code: string): Promise<InvitationOffer | undefined> {
    const stored = await this.#store.invitation(hashOf(code), this.#now());
    if (stored === undefined) return undefined;
    const { purpose, role, expiresAt, forAccount } = await this.#view(stored);
    return { purpose, role, expiresAt, forAccount };
  }

  async list(): Promise<InvitationView[]> {
    const stored = await this.#store.invitations(this.#now(), ACCOUNT_LIMITS.invitationsListed);
    return await Promise.all(stored.map((invitation) => this.#view(invitation)));
  }

  /** False where there is none of that id. */
  revoke(invitationId: string): Promise<boolean> {
    return this.#store.revokeInvitation(invitationId);
  }

  async #make(of: Pick<StoredInvitation, "role" | "usesLeft" | "note" | "createdBy" | "forAccountId">, expiresInMs: number, forAccount: string | null): Promise<MadeCode> {
    const code = newSecret();
    const now = this.#now();
    const stored: StoredInvitation = { ...of, codeHash: hashOf(code), invitationId: newId(), createdAtMs: now, expiresAtMs: now + expiresInMs };
    await this.#store.createInvitation(stored);
    return { code, view: viewOf(stored, forAccount) };
  }

  async #view(stored: StoredInvitation): Promise<InvitationView> {
    const account = stored.forAccountId === null ? undefined : await this.#store.account(stored.forAccountId);
    return viewOf(stored, account?.name ?? null);
  }
}

function viewOf(stored: StoredInvitation, forAccount: string | null): InvitationView {
  return {
    invitationId: stored.invitationId, purpose: stored.forAccountId === null ? "sign-up" : "password", role: stored.role, usesLeft: stored.usesLeft,
    expiresAt: stored.expiresAtMs, note: stored.note, createdBy: stored.createdBy, createdAt: stored.createdAtMs, forAccount,
  };
}
