import type { CookieOptions, Request, Response } from "express";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { sessionCookieName } from "../accounts/credentials.ts";
import { isSecure, type ProxyOptions } from "./client-address.ts";

export const OPEN_ID_COOKIE = "manyhands-sign-on";
const OPEN_ID_PATH = "/api/oidc";

/** Out of reach of scripts, and sent from the hub's own pages alone: what another site makes a browser ask comes without it. */
function sessionOptions(secure: boolean): CookieOptions {
  return { httpOnly: true, sameSite: "strict", secure, path: "/" };
}

export function setSessionCookie(request: Request, response: Response, secret: string, options: ProxyOptions): void {
  const secure = isSecure(request, options);
  response.cookie(sessionCookieName(secure), secret, { ...sessionOptions(secure), maxAge: ACCOUNT_LIMITS.sessionMs });
}

export function clearSessionCookie(request: Request, response: Response, options: ProxyOptions): void {
  const secure = isSecure(request, options);
  response.clearCookie(sessionCookieName(secure), sessionOptions(secure));
}

/** Lax, because the provider's page sends the browser back; it opens nothing but the end of that sign-in. */
function openIdOptions(secure: boolean): CookieOptions {
  return { httpOnly: true, sameSite: "lax", secure, path: OPEN_ID_PATH };
}

export function setOpenIdCookie(request: Request, response: Response, secret: string, options: ProxyOptions): void {
  response.cookie(OPEN_ID_COOKIE, secret, { ...openIdOptions(isSecure(request, options)), maxAge: ACCOUNT_LIMITS.openIdStartMs });
}

export function clearOpenIdCookie(request: Request, response: Response, options: ProxyOptions): void {
  response.clearCookie(OPEN_ID_COOKIE, openIdOptions(isSecure(request, options)));
}
