import type { IncomingHttpHeaders } from "node:http";
import { parseCookie } from "cookie";
import { LIMITS } from "../../protocol/limits.ts";

/** What a request shows of who sends it. */
export interface Credentials {
  readonly token: string | undefined;
  readonly session: string | undefined;
}

/** The subprotocol that a page names beside its token: a WebSocket of a browser takes no header of its own. */
export const LINK_PROTOCOL = "manyhands";

/** Under TLS the browser itself holds the cookie to this host: a neighbour on a subdomain cannot put one there. */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-manyhands" : "manyhands";
}

export function credentialsOf(headers: IncomingHttpHeaders, secure: boolean): Credentials {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const session = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[sessionCookieName(secure)];
  return { token: withinLimit(bearer), session: withinLimit(session) };
}

/** Those of a WebSocket's opening: the token may stand in the list of subprotocols, behind "manyhands". */
export function linkCredentialsOf(headers: IncomingHttpHeaders, secure: boolean): Credentials {
  const shown = credentialsOf(headers, secure);
  const [first, token] = (headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
  return first === LINK_PROTOCOL && token !== undefined ? { ...shown, token: shown.token ?? withinLimit(token) } : shown;
}

/** What is longer is none of ours: it becomes one that is surely wrong, not one that is not there. */
function withinLimit(secret: string | undefined): string | undefined {
  return secret === undefined || secret.length <= LIMITS.tokenMaxChars ? secret : "";
}
