import { parseCookie } from "cookie";
import { GridError } from "../../protocol/grid-error.ts";
import type { OpenId } from "../accounts/open-id.ts";
import { accountsOf } from "./accounts-of.ts";
import { hubPath } from "./hub-path.ts";
import type { HttpContext } from "./http-context.ts";
import { openIdStartQuery } from "./parameters.ts";
import { requestBase } from "./request-base.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { endEarlierSession } from "./session-routes.ts";
import { clearOpenIdCookie, OPEN_ID_COOKIE, setOpenIdCookie, setSessionCookie } from "./session-cookie.ts";
import { whenceOf } from "./whence.ts";

const CALLBACK = "/api/oidc/callback";

/** Single sign-on: there and back. */
export function openIdRoutes(context: HttpContext): readonly Route[] {
  return [startRoute(context), callbackRoute(context)];
}

function startRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/oidc/start", group: "Accounts",
    summary: "Sign in by the single sign-on: a page goes there",
    description: "`next`: the path of this hub where one comes out.",
    params: NO_PARAMETERS, query: openIdStartQuery, access: context.access.open,
    answers: [{ status: 302, description: "To the provider" }],
    async handle({ query: { next }, request, response }) {
      const { url, secret } = await openIdOf(context).begin(`${requestBase(request, context.options)}${CALLBACK}`, hubPath(next));
      setOpenIdCookie(request, response, secret, context.options);
      response.redirect(302, url);
    },
  });
}

function callbackRoute(context: HttpContext): Route {
  return route({
    method: "get", path: CALLBACK, group: "Accounts",
    summary: "Where the provider sends the browser back to",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.open,
    answers: [{ status: 302, description: "Signed in; or to `/sign-in?problem=`, which says in words why not" }],
    async handle({ request, response }) {
      const openId = openIdOf(context);
      const secret = parseCookie(request.headers.cookie ?? "")[OPEN_ID_COOKIE] ?? "";
      clearOpenIdCookie(request, response, context.options);
      try {
        const { person, next } = await openId.finish(secret, new URL(request.originalUrl, "http://hub").search);
        const signedIn = await accountsOf(context).signInByOpenId(person, openId.role, whenceOf(request, context.options));
        await endEarlierSession(context, request);
        setSessionCookie(request, response, signedIn.secret, context.options);
        response.redirect(302, next);
      } catch (error) {
        // A browser stands here, with nothing but this answer to show.
        if (!(error instanceof GridError)) throw error;
        context.logger.info({ err: error }, "a single sign-on failed");
        response.redirect(302, `/sign-in?problem=${encodeURIComponent(error.message)}`);
      }
    },
  });
}

function openIdOf(context: HttpContext): OpenId {
  const { openId } = accountsOf(context);
  if (openId === null) throw new GridError("not-found", "Cannot sign in so: this hub has no single sign-on");
  return openId;
}
