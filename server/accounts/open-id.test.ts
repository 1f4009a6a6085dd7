import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Provider } from "oidc-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionSchema } from "../../protocol/http/accounts.ts";
import { accountIdSchema, ownerSchema } from "../../protocol/ids.ts";
import { TestHub } from "../http/test-hub.ts";
import { accountsOf } from "../http/accounts-of.ts";
import { OpenId } from "./open-id.ts";

// A real provider on loopback, and browsers that keep cookies and follow redirects as browsers do.

const CLIENT = { clientId: "manyhands", clientSecret: "a secret between the hub and its provider" };
const LIMITS = { requestsPerMinute: 1_000_000 };

let server: Server;
let issuer: string;
let hub: TestHub;
beforeAll(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the provider's port");
  issuer = `http://127.0.0.1:${address.port}`;
  hub = await TestHub.start({}, LIMITS, { volunteers: null, openId: new OpenId({ issuer, ...CLIENT, label: "Example University", role: "submitter" }) });
  const answer = providerFor(`${hub.url}/api/oidc/callback`).callback();
  server.on("request", (request, response) => { answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined)); });
});
afterAll(async () => {
  await hub.stop();
  server.close();
  server.closeAllConnections();
});

function providerFor(redirectUri: string): Provider {
  return new Provider(issuer, {
    clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [redirectUri], token_endpoint_auth_method: "client_secret_post" }],
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    cookies: { keys: ["a key of the test's provider"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id.replace(/^\d+:/, ""), email: `${id.replace(/\W/g, "")}@example.org`, email_verified: !id.startsWith("9:") }) }),
  });
}

/** One browser: its cookies by origin. */
class TestBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  cookies(url: string): string {
    return [...this.#cookies.get(new URL(url).origin) ?? []].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async fetch(url: string, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(url, {
      redirect: "manual", headers: { cookie: this.cookies(url) }, ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
    const jar = this.#cookies.get(new URL(url).origin) ?? new Map<string, string>();
    this.#cookies.set(new URL(url).origin, jar);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows redirects, signs in at the provider as this person, and stops before the hub's page that comes then. */
  async until(url: string, stop: (url: string) => boolean, login: string): Promise<string> {
    let at = url;
    let form: Record<string, string> | undefined;
    for (let step = 0; step < 20; step++) {
      if (stop(at)) return at;
      const response = await this.fetch(at, form);
      form = undefined;
      const location = response.headers.get("location");
      if (location !== null) {
        at = new URL(location, at).href;
        continue;
      }
      const html = await response.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
      if (action === undefined || prompt === undefined) throw new Error(`Cannot go on at ${at}: ${response.status} ${html.slice(0, 500)}`);
      at = new URL(action, at).href;
      form = { prompt, login, password: "any" };
    }
    throw new Error("Cannot sign in: the redirects have no end");
  }

  /** Up to the page that the provider sends back to. */
  callbackUrl(login: string, next = "/jobs"): Promise<string> {
    return this.until(`${hub.url}/api/oidc/start?next=${encodeURIComponent(next)}`, (url) => url.startsWith(`${hub.url}/api/oidc/callback`), login);
  }

  async signIn(login: string, next?: string): Promise<string> {
    return (await this.fetch(await this.callbackUrl(login, next))).headers.get("location") ?? "";
  }

  async whoAmI() {
    return sessionSchema.parse(await (await this.fetch(`${hub.url}/api/session`)).json()).account;
  }
}

test("OpenId: somebody new gets an account with the role that was set, and is the same person the next time", async () => {
  const browser = new TestBrowser();
  expect(sessionSchema.parse(await (await browser.fetch(`${hub.url}/api/session`)).json()).oidc).toEqual({ label: "Example University" });
  expect(await browser.signIn("1:ada", "/jobs?x=1")).toBe("/jobs?x=1");
  const first = await browser.whoAmI();
  expect(first).toMatchObject({ name: "ada", role: "submitter", email: "1ada@example.org", hasPassword: false, invited: false });
  const again = new TestBrowser();
  await again.signIn("1:ada");
  expect(await again.whoAmI()).toMatchObject({ accountId: first?.accountId });
});

test("OpenId: the request goes with PKCE, state and nonce, anew each time", async () => {
  const asked = async () => new URL((await new TestBrowser().fetch(`${hub.url}/api/oidc/start`)).headers.get("location") ?? "").searchParams;
  const [one, two] = [await asked(), await asked()];
  expect(one.get("code_challenge_method")).toBe("S256");
  for (const name of ["state", "nonce", "code_challenge"]) {
    expect(one.get(name)?.length).toBeGreaterThan(30);
    expect(one.get(name)).not.toBe(two.get(name));
  }
});

test("OpenId: a name or an address like another's opens no other account", async () => {
  const { store } = accountsOf(hub);
  await store.createAccount({
    accountId: accountIdSchema.parse("account-boss"), name: ownerSchema.parse("boss"), role: "operator", email: "2boss@example.org", passwordHash: null, subject: null, invited: true, vouched: true, createdAtMs: 1,
  });
  const browser = new TestBrowser();
  await browser.signIn("2:boss");
  expect(await browser.whoAmI()).toMatchObject({ name: "boss-2", role: "submitter", vouched: false });
  const local = new TestBrowser();
  await local.signIn("3:Local");
  expect(await local.whoAmI()).toMatchObject({ name: "local-2" });
});

test("OpenId: an address that the provider has not verified is none", async () => {
  const browser = new TestBrowser();
  await browser.signIn("9:mallory");
  expect(await browser.whoAmI()).toMatchObject({ name: "mallory", email: null });
});

test("OpenId: what another browser brings back is refused, and so is what comes a second time (login CSRF, replay)", async () => {
  const attacker = new TestBrowser();
  const url = await attacker.callbackUrl("4:eve");
  const victim = new TestBrowser();
  expect((await victim.fetch(url)).headers.get("location")).toMatch(/^\/sign-in\?problem=Cannot%20sign%20in/);
  expect(await victim.whoAmI()).toBeNull();
  // A sign-in of the victim's own, of which the answer is exchanged.
  await victim.fetch(`${hub.url}/api/oidc/start`);
  expect((await victim.fetch(url)).headers.get("location")).toMatch(/^\/sign-in\?problem=/);
  expect(await victim.whoAmI()).toBeNull();
  const owner = new TestBrowser();
  const own = await owner.callbackUrl("4:eve");
  const cookies = owner.cookies(own);
  expect((await owner.fetch(own)).headers.get("location")).toBe("/jobs");
  const replayed = await fetch(own, { redirect: "manual", headers: { cookie: cookies } });
  expect(replayed.headers.get("location")).toMatch(/^\/sign-in\?problem=/);
  expect(replayed.headers.getSetCookie().some((cookie) => /^manyhands=\S/.test(cookie))).toBe(false);
});

test.each(["state", "iss", "code"])("OpenId: an answer with another %s is refused", async (name) => {
  const browser = new TestBrowser();
  const url = new URL(await browser.callbackUrl("5:fred"));
  url.searchParams.set(name, "something-else");
  expect((await browser.fetch(url.href)).headers.get("location")).toMatch(/^\/sign-in\?problem=/);
  expect(await browser.whoAmI()).toBeNull();
});

test("OpenId: whoever says no at the provider is told so", async () => {
  const browser = new TestBrowser();
  const url = new URL(await browser.callbackUrl("5:fred"));
  url.searchParams.delete("code");
  url.searchParams.set("error", "access_denied");
  expect((await browser.fetch(url.href)).headers.get("location")).toMatch(/^\/sign-in\?problem=Cannot%20sign%20in%3A%20the%20single%20sign-on%20did%20not%20confirm/);
});

test.each(["https://evil.example", "//evil.example", "/\\evil.example"])("OpenId: next=%s leads to the first page of this hub (open redirect)", async (next) => {
  expect(await new TestBrowser().signIn("6:gil", next)).toBe("/");
});

test("OpenId: a disabled account stays outside", async () => {
  const browser = new TestBrowser();
  await browser.signIn("7:hans");
  const hans = await browser.whoAmI();
  await accountsOf(hub).store.changeAccount(accountIdSchema.parse(hans?.accountId), { disabled: true });
  expect(await new TestBrowser().signIn("7:hans")).toMatch(/disabled/);
  expect(await browser.whoAmI()).toBeNull();
});

test("OpenId: the session is a new one, and the one that was in the browser ends (fixation)", async () => {
  const browser = new TestBrowser();
  await browser.signIn("8:ina");
  const before = browser.cookies(hub.url);
  await browser.signIn("8:ina");
  expect(browser.cookies(hub.url)).not.toBe(before);
  expect(sessionSchema.parse(await (await fetch(`${hub.url}/api/session`, { headers: { cookie: before } })).json()).account).toBeNull();
});

test("OpenId: a provider that does not answer is a 503 that says so, and is asked again", async () => {
  const own = await TestHub.start({}, LIMITS, { volunteers: null, openId: new OpenId({ issuer: "http://127.0.0.1:1", ...CLIENT, label: "x", role: "volunteer" }) });
  for (let n = 0; n < 2; n++) {
    const answer = await own.ask("/api/oidc/start");
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining("Cannot reach the single sign-on")]);
  }
  await own.stop();
});
