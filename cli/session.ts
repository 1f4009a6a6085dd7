import type { Account } from "../protocol/http/accounts.ts";
import { AccountClient } from "../sdk/account-client.ts";
import type { Questions } from "./questions.ts";

/**
 * Signs in by name and password, does what only a session may, and signs out. The password is asked for here and kept
 * nowhere.
 */
export async function withSession<T>(hub: string, questions: Questions, usualName: string | undefined, work: (client: AccountClient, account: Account) => Promise<T>): Promise<T> {
  const client = new AccountClient(hub, { fetch: cookieFetch() });
  const { accounts, oidc } = await client.session();
  if (!accounts) throw new Error(`Cannot sign in to ${hub}: it has no accounts, everybody who reaches it may use it`);
  const name = await questions.ask("Name", usualName);
  const password = await questions.askSecret("Password");
  const { account } = await client.signIn({ name, password }).catch((error: unknown) => {
    if (oidc !== null && error instanceof Error) error.message += `\nWho signs in there by "${oidc.label}" makes a token on the page ${hub}/settings, and gives it by --token or MANYHANDS_TOKEN.`;
    throw error;
  });
  if (account === null) throw new Error(`Cannot sign in to ${hub}: the hub did not say as whom. Is it of another version?`);
  try {
    return await work(client, account);
  } finally {
    await client.signOut();
  }
}

/** A fetch that keeps the session's cookie in this process, and follows no redirect with it or with a password. */
function cookieFetch(): typeof fetch {
  const cookies = new Map<string, string>();
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(input, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const split = pair.indexOf("=");
      if (split > 0) cookies.set(pair.slice(0, split).trim(), pair.slice(split + 1).trim());
    }
    return response;
  };
}
