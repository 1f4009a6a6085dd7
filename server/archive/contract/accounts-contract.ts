import { expect, test } from "vitest";
import { accountIdSchema, ownerSchema } from "../../../protocol/ids.ts";
import type { NewAccount, StoredInvitation, StoredSession, StoredToken } from "../account-store.ts";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal } from "./expectations.ts";

function sampleAccount(name: string, changes: Partial<NewAccount> = {}): NewAccount {
  return {
    accountId: accountIdSchema.parse(`account-${name}`), name: ownerSchema.parse(name), role: "submitter", email: null, passwordHash: "$argon2id$…", subject: null,
    invited: true, vouched: false, createdAtMs: 1, ...changes,
  };
}

function sampleSession(account: NewAccount, n: number): StoredSession {
  return { sessionHash: `hash-${account.name}-${n}`, sessionId: `id-${n}`, accountId: account.accountId, createdAtMs: n, seenAtMs: n, address: "::1", userAgent: "Firefox" };
}

function sampleInvitation(changes: Partial<StoredInvitation> = {}): StoredInvitation {
  return {
    codeHash: "code", invitationId: "invitation-1", role: "submitter", usesLeft: 1, expiresAtMs: 100, note: "for ann", createdBy: "op", createdAtMs: 1, forAccountId: null, ...changes,
  };
}

export function accountsContract(store: () => ContractStore): void {
  const ann = sampleAccount("ann", { email: "Ann@example.org", subject: "https://id.example\nann" });
  const bob = sampleAccount("bob", { role: "operator", vouched: true, invited: false, passwordHash: null });
  const cat = sampleAccount("cat");
  const stored = { ...ann, disabled: false, lastSignInAtMs: null, tasksCompleted: 0, tasksFailed: 0, totalTimeMs: 0 };

  test("createAccount: reads back by id, name and subject, also after reopening; a name and a subject come once", async () => {
    await store().archive.accounts.createAccount(ann);
    const { accounts } = await store().reopen();
    expect(await accounts.account(ann.accountId)).toEqual(stored);
    expect(await accounts.accountByName("ann")).toEqual(stored);
    expect(await accounts.accountBySubject("https://id.example\nann")).toEqual(stored);
    expect(await accounts.accountByName("Ann")).toBeUndefined();
    await expectRefusal(accounts.createAccount({ ...sampleAccount("ann"), accountId: accountIdSchema.parse("account-2") }), "conflict");
    await expectRefusal(accounts.createAccount(sampleAccount("eve", { subject: ann.subject })), "conflict");
    expect(await accounts.accountByName("eve")).toBeUndefined();
  });

  test("createAccount: by an invitation, which is used up with it, both or neither", async () => {
    const { accounts } = store().archive;
    await accounts.createInvitation(sampleInvitation({ usesLeft: 2 }));
    await accounts.createAccount(ann, { codeHash: "code", nowMs: 50 });
    await expectRefusal(accounts.createAccount({ ...sampleAccount("ann"), accountId: accountIdSchema.parse("account-2") }, { codeHash: "code", nowMs: 50 }), "conflict");
    expect(await accounts.invitation("code", 50)).toMatchObject({ usesLeft: 1 });
    await expectRefusal(accounts.createAccount(bob, { codeHash: "code", nowMs: 100 }), "not-found");
    await expectRefusal(accounts.createAccount(bob, { codeHash: "other", nowMs: 50 }), "not-found");
    expect(await accounts.account(bob.accountId)).toBeUndefined();
    const both = await Promise.allSettled(["cat", "dan"].map((name) => accounts.createAccount(sampleAccount(name), { codeHash: "code", nowMs: 50 })));
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await accounts.invitation("code", 50)).toBeUndefined();
    expect(await accounts.accountByName("dan")).toBeUndefined();
  });

  test("accounts: by name, searched, page after page", async () => {
    const { accounts } = store().archive;
    for (const account of [sampleAccount("cat"), ann, bob]) await accounts.createAccount(account);
    const names = async (filter: { text?: string; after?: string; limit: number }) => (await accounts.accounts(filter)).map(({ name }) => name);
    expect(await names({ limit: 2 })).toEqual(["ann", "bob"]);
    expect(await names({ limit: 2, after: "bob" })).toEqual(["cat"]);
    expect(await names({ limit: 9, text: "example" })).toEqual(["ann"]);
    expect(await names({ limit: 9, text: "b" })).toEqual(["bob"]);
    expect(await names({ limit: 9, text: "%" })).toEqual([]);
  });

  test("changeAccount: what is named changes, and the last operator who can sign in stays", async () => {
    const { accounts } = store().archive;
    await accounts.createAccount(ann);
    expect(await accounts.hasOperator()).toBe(false);
    await accounts.createAccount(bob);
    expect(await accounts.hasOperator()).toBe(true);
    await accounts.changeAccount(ann.accountId, { vouched: true, invited: false, email: null, passwordHash: "new", lastSignInAtMs: 7 });
    expect(await accounts.account(ann.accountId)).toEqual({ ...stored, vouched: true, invited: false, email: null, passwordHash: "new", lastSignInAtMs: 7 });
    await expectRefusal(accounts.changeAccount(bob.accountId, { role: "submitter" }), "conflict");
    await expectRefusal(accounts.changeAccount(bob.accountId, { disabled: true }), "conflict");
    await accounts.changeAccount(ann.accountId, { role: "operator" });
    await accounts.changeAccount(bob.accountId, { disabled: true });
    await expectRefusal(accounts.changeAccount(ann.accountId, { role: "volunteer" }), "conflict");
    expect(await accounts.account(bob.accountId)).toMatchObject({ disabled: true, role: "operator" });
    await expectRefusal(accounts.changeAccount(accountIdSchema.parse("account-0"), { vouched: true }), "not-found");
  });

  test("addWork: adds up, also after reopening", async () => {
    const { accounts } = store().archive;
    await accounts.createAccount(ann);
    await accounts.addWork(ann.accountId, { tasksCompleted: 3, tasksFailed: 1, totalTimeMs: 10.5 });
    await accounts.addWork(ann.accountId, { tasksCompleted: 2, tasksFailed: 0, totalTimeMs: 1 });
    expect(await (await store().reopen()).accounts.account(ann.accountId)).toMatchObject({ tasksCompleted: 5, tasksFailed: 1, totalTimeMs: 11.5 });
  });

  test("sessions: the newest stay, others end one by one or all but one", async () => {
    const { accounts } = store().archive;
    for (let n = 1; n <= 4; n++) await accounts.createSession(sampleSession(ann, n), 3);
    await accounts.createSession(sampleSession(bob, 1), 3);
    expect((await accounts.sessions(ann.accountId)).map(({ sessionId }) => sessionId)).toEqual(["id-4", "id-3", "id-2"]);
    expect(await accounts.session("hash-ann-1")).toBeUndefined();
    for (let n = 1; n <= 9; n++) {
      const sameMoment = { ...sampleSession(cat, n), createdAtMs: 1 };
      await accounts.createSession(sameMoment, 2);
      expect(await accounts.session(sameMoment.sessionHash)).toEqual(sameMoment);
    }
    await accounts.sessionSeen("hash-ann-2", 99);
    expect(await (await store().reopen()).accounts.session("hash-ann-2")).toEqual({ ...sampleSession(ann, 2), seenAtMs: 99 });
    const again = store().archive.accounts;
    expect(await again.endSession(bob.accountId, "id-2")).toBe(false);
    expect(await again.endSession(ann.accountId, "id-2")).toBe(true);
    await again.endSessions(ann.accountId, "hash-ann-3");
    expect((await again.sessions(ann.accountId)).map(({ sessionId }) => sessionId)).toEqual(["id-3"]);
    await again.endSessions(ann.accountId);
    expect(await again.sessions(ann.accountId)).toEqual([]);
    expect(await again.sessions(bob.accountId)).toHaveLength(1);
  });

  test("tokens: at most so many, found by their hash, gone when they are revoked", async () => {
    const { accounts } = store().archive;
    const token = (n: number, changes: Partial<StoredToken> = {}): StoredToken => ({
      tokenHash: `token-${n}`, tokenId: `id-${n}`, accountId: ann.accountId, name: "ci", scopes: ["read", "submit"], createdAtMs: n, expiresAtMs: null, usedAtMs: null, ...changes,
    });
    expect(await accounts.createToken(token(1), 2)).toBe(true);
    expect(await accounts.createToken(token(2, { expiresAtMs: 9, scopes: ["admin"] }), 2)).toBe(true);
    expect(await accounts.createToken(token(3), 2)).toBe(false);
    expect(await accounts.createToken(token(4, { accountId: bob.accountId }), 2)).toBe(true);
    await accounts.tokenUsed("token-1", 77);
    const again = (await store().reopen()).accounts;
    expect(await again.tokens(ann.accountId)).toEqual([token(2, { expiresAtMs: 9, scopes: ["admin"] }), token(1, { usedAtMs: 77 })]);
    expect(await again.token("token-3")).toBeUndefined();
    expect(await again.revokeToken(bob.accountId, "id-1")).toBe(false);
    expect(await again.revokeToken(ann.accountId, "id-1")).toBe(true);
    expect(await again.token("token-1")).toBeUndefined();
  });

  test("invitations: those that are good for something, newest first", async () => {
    const { accounts } = store().archive;
    await accounts.createInvitation(sampleInvitation());
    await accounts.createInvitation(sampleInvitation({ codeHash: "later", invitationId: "invitation-2", createdAtMs: 2, expiresAtMs: 200 }));
    expect((await accounts.invitations(50, 9)).map(({ codeHash }) => codeHash)).toEqual(["later", "code"]);
    expect((await accounts.invitations(50, 1)).map(({ codeHash }) => codeHash)).toEqual(["later"]);
    expect((await accounts.invitations(100, 9)).map(({ codeHash }) => codeHash)).toEqual(["later"]);
    expect(await (await store().reopen()).accounts.invitation("code", 50)).toEqual(sampleInvitation());
    expect(await store().archive.accounts.revokeInvitation("invitation-1")).toBe(true);
    expect(await store().archive.accounts.invitation("code", 50)).toBeUndefined();
    expect(await store().archive.accounts.revokeInvitation("invitation-1")).toBe(false);
  });

  test("resetPassword: once, for its account alone, and ends its sessions", async () => {
    const { accounts } = store().archive;
    for (const account of [ann, bob]) {
      await accounts.createAccount(account);
      await accounts.createSession(sampleSession(account, 1), 9);
    }
    await accounts.createInvitation(sampleInvitation({ codeHash: "sign-up", invitationId: "invitation-2" }));
    await accounts.createInvitation(sampleInvitation({ forAccountId: ann.accountId }));
    expect(await accounts.resetPassword("sign-up", "new", 50)).toBeUndefined();
    expect(await accounts.resetPassword("code", "new", 100)).toBeUndefined();
    await expectRefusal(accounts.createAccount(sampleAccount("eve"), { codeHash: "code", nowMs: 50 }), "not-found");
    expect(await accounts.resetPassword("code", "new", 50)).toBe(ann.accountId);
    expect(await accounts.resetPassword("code", "newer", 50)).toBeUndefined();
    expect(await accounts.account(ann.accountId)).toMatchObject({ passwordHash: "new" });
    expect([await accounts.sessions(ann.accountId), await accounts.sessions(bob.accountId)]).toMatchObject([[], [{ sessionId: "id-1" }]]);
  });

  test("audit: newest first, filtered, the newest so many", async () => {
    const { accounts } = store().archive;
    const entry = (at: number, action: string, account: string | null) => ({ at, action, account, via: "session" as const, address: "::1", target: "", detail: `the ${at}th` });
    for (let n = 1; n <= 6; n++) await accounts.addAudit(entry(n, n % 2 === 0 ? "sign-in" : "sign-out", n === 6 ? null : "ann"), 4);
    const { accounts: again } = await store().reopen();
    const all = await again.audit({ limit: 9 });
    expect(all.map(({ at }) => at)).toEqual([6, 5, 4, 3]);
    expect(all[0]).toEqual({ entryId: all[0]?.entryId, ...entry(6, "sign-in", null) });
    expect((await again.audit({ limit: 9, action: "sign-in" })).map(({ at }) => at)).toEqual([6, 4]);
    expect((await again.audit({ limit: 9, account: "ann" })).map(({ at }) => at)).toEqual([5, 4, 3]);
    expect((await again.audit({ limit: 1, before: all[0]?.entryId ?? 0 })).map(({ at }) => at)).toEqual([5]);
  });

  test("saveSettings: the last value of each name, also after reopening", async () => {
    await store().archive.accounts.saveSettings(new Map([["signUp", "true"], ["volunteers", '"invited"']]));
    await store().archive.accounts.saveSettings(new Map([["signUp", "false"]]));
    expect(await (await store().reopen()).accounts.settings()).toEqual(new Map([["signUp", "false"], ["volunteers", '"invited"']]));
  });

  test("removeExpired: sessions that are too old or not seen, invitations that are over", async () => {
    const { accounts } = store().archive;
    await accounts.createSession({ ...sampleSession(ann, 1), createdAtMs: 10, seenAtMs: 100 }, 9);
    await accounts.createSession({ ...sampleSession(ann, 2), createdAtMs: 20, seenAtMs: 60 }, 9);
    await accounts.createSession({ ...sampleSession(ann, 3), createdAtMs: 20, seenAtMs: 100 }, 9);
    await accounts.createInvitation(sampleInvitation());
    await accounts.removeExpired({ sessionsMadeBeforeMs: 20, sessionsSeenBeforeMs: 61, nowMs: 99 });
    expect((await accounts.sessions(ann.accountId)).map(({ sessionId }) => sessionId)).toEqual(["id-3"]);
    expect(await accounts.invitations(0, 9)).toHaveLength(1);
    await accounts.removeExpired({ sessionsMadeBeforeMs: 20, sessionsSeenBeforeMs: 61, nowMs: 100 });
    expect(await accounts.invitations(0, 9)).toEqual([]);
  });
}
