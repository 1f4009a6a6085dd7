import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { Scope } from "../../protocol/http/accounts-tokens.ts";
import type { Role } from "../../protocol/http/accounts.ts";
import { accountIdSchema, ownerSchema } from "../../protocol/ids.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { sessionCookieName } from "../accounts/credentials.ts";
import type { StoredAccount } from "../archive/account-store.ts";
import { accountsOf } from "./accounts-of.ts";
import { TestHub } from "./test-hub.ts";

type Headers = Record<string, string>;

/** A hub with accounts, and people of every kind. */
export class TestPeople {
  readonly hub: TestHub;
  readonly accounts: Accounts;
  /** Unix ms as the hub's accounts see it: a test moves it on. */
  readonly clock: { nowMs: number };

  private constructor(hub: TestHub, clock: { nowMs: number }) {
    this.hub = hub;
    this.accounts = accountsOf(hub);
    this.clock = clock;
  }

  static async start(): Promise<TestPeople> {
    const clock = { nowMs: Date.now() };
    return new TestPeople(await TestHub.start({}, { requestsPerMinute: 1_000_000, submissionsPerMinute: 1_000_000 }, { volunteers: null, openId: null, now: () => clock.nowMs }), clock);
  }

  /** An account as if it had come by an invitation. */
  async account(name: string, role: Role = "submitter"): Promise<StoredAccount> {
    const accountId = accountIdSchema.parse(`account-${name}`);
    await this.accounts.store.createAccount({
      accountId, name: ownerSchema.parse(name), role, email: null, passwordHash: null, subject: null, invited: true, vouched: false, createdAtMs: this.clock.nowMs,
    });
    const account = await this.accounts.store.account(accountId);
    if (account === undefined) throw new Error(`Cannot find the test's account ${name}`);
    return account;
  }

  /** Headers of a browser in which one is signed in, anew each time. */
  async session({ accountId }: StoredAccount): Promise<Headers> {
    this.clock.nowMs += 1;
    return { cookie: `${sessionCookieName(false)}=${await this.accounts.sessions.begin(accountId, { address: "::1", userAgent: "test" })}` };
  }

  /** Headers of a program with a token of its own. */
  async token(account: StoredAccount, scopes: Scope[], expiresInMs: number | null = null): Promise<Headers> {
    return { authorization: `Bearer ${(await this.accounts.tokens.make(account, { name: "test", scopes, expiresInMs })).token}` };
  }
}

/** The status of an answer, also of one that never ends. */
export async function statusOf(hub: TestHub, method: string, path: string, headers: Headers, body?: string): Promise<number> {
  return (await headOf(hub, method, path, headers, body)).status;
}

export function headOf(hub: TestHub, method: string, path: string, headers: Headers, body?: string): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port: hub.port, path, method, headers, agent: false }, (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
      response.destroy();
    });
    request.on("error", reject);
    request.end(body);
  });
}
