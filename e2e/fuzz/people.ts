import { madeInvitationSchema } from "../../protocol/http/accounts-invitations.ts";
import { madeTokenSchema } from "../../protocol/http/accounts-tokens.ts";
import { sessionSchema } from "../../protocol/http/accounts.ts";
import type { HubProcess } from "../hub-process.ts";

/** The headers by which a caller shows who it is. */
export type Identity = Readonly<Record<string, string>>;

const PASSWORD = "correct horse battery staple";
const HOUR_MS = 3_600_000;

/** An honest operator, and a submitter and an operator who call whatever they like, with ids that are theirs to name. */
export async function makePeople(hub: HubProcess): Promise<{ honest: Identity; hostile: readonly Identity[]; known: Readonly<Record<string, string[]>> }> {
  const send = async (path: string, headers: Identity, body: unknown): Promise<Response> => {
    const response = await fetch(`${hub.url}${path}`, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`Cannot make people for a hub: ${path} answers ${await response.text()}`);
    return response;
  };
  const signUp = async (name: string, invitation: string) => {
    const response = await send("/api/accounts", {}, { name, password: PASSWORD, invitation });
    const { account } = sessionSchema.parse(await response.json());
    return { cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "", accountId: account?.accountId ?? "" };
  };
  const tokenOf = async (cookie: string, scopes: readonly string[]) => madeTokenSchema.parse(await (await send("/api/tokens", { cookie }, { name: "program", scopes, expiresInMs: HOUR_MS })).json());
  const ada = await signUp("ada", /\/invitation#([\w-]+)/.exec(hub.output)?.[1] ?? "");
  const invite = async (role: string) => madeInvitationSchema.parse(await (await send("/api/invitations", { cookie: ada.cookie }, { role, uses: 1, expiresInMs: HOUR_MS })).json()).url.split("#")[1] ?? "";
  const eve = await signUp("eve", await invite("submitter"));
  const mallory = await signUp("mallory", await invite("operator"));
  const { token } = await tokenOf(ada.cookie, ["read", "submit"]);
  const eves = await tokenOf(eve.cookie, ["read", "submit"]);
  const mallorys = await tokenOf(mallory.cookie, ["read", "submit", "compute", "admin"]);
  return {
    honest: { authorization: `Bearer ${token}` },
    hostile: [{ cookie: eve.cookie }, { authorization: `Bearer ${eves.token}` }, { cookie: mallory.cookie }, { authorization: `Bearer ${mallorys.token}` }],
    known: { accountId: [eve.accountId], account: [eve.accountId], q: ["eve"] },
  };
}
