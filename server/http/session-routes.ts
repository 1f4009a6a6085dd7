import type { Request, Response } from "express";
import { passwordResetSchema } from "../../protocol/http/accounts-invitations.ts";
import {
  accountSchema, ownAccountChangeSchema, passwordChangeSchema, sessionSchema, sessionsSchema, signInSchema, signUpSchema, type Session,
} from "../../protocol/http/accounts.ts";
import { viewAccount, type SignedIn } from "../accounts/accounts.ts";
import { credentialsOf } from "../accounts/credentials.ts";
import { ALL_SCOPES } from "../accounts/principal.ts";
import { GridError } from "../../protocol/grid-error.ts";
import { accountsOf } from "./accounts-of.ts";
import { isSecure } from "./client-address.ts";
import type { HttpContext } from "./http-context.ts";
import { jsonBody, jsonOf } from "./json-body.ts";
import { sessionParams } from "./parameters.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { clearSessionCookie, setSessionCookie } from "./session-cookie.ts";
import { whenceOf } from "./whence.ts";

/** What a hub without accounts says of itself: everybody may do everything. */
const LOCAL_SESSION: Session = {
  accounts: false, account: null, signUp: false, oidc: null, volunteers: "anonymous", may: { compute: true, submit: true, operate: true },
};

const signedIn = (status: 200 | 201) => ({ status, description: "Signed in, with a cookie", contentTypes: ["application/json"], schema: sessionSchema }) as const;
const done = { status: 204, description: "Done" } as const;

export function sessionRoutes(context: HttpContext): readonly Route[] {
  return [
    whoRoute(context), signInRoute(context), signOutRoute(context), sessionsRoute(context), endSessionsRoute(context), endSessionRoute(context),
    signUpRoute(context), ownAccountRoute(context), passwordRoute(context), resetRoute(context),
  ];
}

function whoRoute({ access, accounts }: HttpContext): Route {
  return route({
    method: "get", path: "/api/session", group: "Accounts",
    summary: "Who asks, and what this hub offers",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: access.open,
    answers: [{ status: 200, description: "Also for who is not signed in", contentTypes: ["application/json"], schema: sessionSchema }],
    handle({ principal, response }) {
      response.json(accounts === null ? LOCAL_SESSION : accounts.sessionOf(principal));
    },
  });
}

function signInRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/session", group: "Accounts",
    summary: "Sign in",
    description: "401 says the same for a wrong name as for a wrong password. After many wrong ones, for one name or from one address, it is 429 for some minutes.",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.open,
    body: jsonBody("Name and password", signInSchema),
    answers: [signedIn(200)],
    async handle({ request, response }) {
      const result = await accountsOf(context).signIn(jsonOf(request, signInSchema), whenceOf(request, context.options));
      await answerSignedIn(context, request, response, result, 200);
    },
  });
}

function signOutRoute(context: HttpContext): Route {
  return route({
    method: "delete", path: "/api/session", group: "Accounts",
    summary: "Sign out here",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    answers: [done],
    async handle({ admitted: { accountId, credentialId }, principal, request, response }) {
      const { sessions, audit } = accountsOf(context);
      await sessions.end(accountId, credentialId);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "sign-out" });
      clearSessionCookie(request, response, context.options);
      response.status(204).end();
    },
  });
}

function sessionsRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/sessions", group: "Accounts",
    summary: "Where one is signed in",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    answers: [{ status: 200, description: "All sessions of one's account", contentTypes: ["application/json"], schema: sessionsSchema }],
    async handle({ admitted: { accountId, credentialId }, response }) {
      response.json(await accountsOf(context).sessions.list(accountId, credentialId));
    },
  });
}

function endSessionsRoute(context: HttpContext): Route {
  return route({
    method: "delete", path: "/api/sessions", group: "Accounts",
    summary: "Sign out everywhere, here too",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    answers: [done],
    async handle({ admitted: { accountId }, principal, request, response }) {
      const { sessions, audit } = accountsOf(context);
      await sessions.endAll(accountId);
      context.onAccountChanged(accountId);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "sign-out-everywhere" });
      clearSessionCookie(request, response, context.options);
      response.status(204).end();
    },
  });
}

function endSessionRoute(context: HttpContext): Route {
  return route({
    method: "delete", path: "/api/sessions/{sessionId}", group: "Accounts",
    summary: "End one session of one's own",
    params: sessionParams, query: NO_PARAMETERS, access: context.access.inPerson,
    answers: [done],
    async handle({ admitted: { accountId }, params: { sessionId }, principal, request, response }) {
      const { sessions, audit } = accountsOf(context);
      if (!(await sessions.end(accountId, sessionId))) throw new GridError("not-found", "Cannot end this session: you have none of that id");
      await audit.note(principal, whenceOf(request, context.options).address, { action: "session-ended" });
      response.status(204).end();
    },
  });
}

function signUpRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/accounts", group: "Accounts",
    summary: "Make an account, and sign in",
    description: "By the code of an invitation, or without one where `GET /api/session` says `signUp`. 409: the name is taken.",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.open,
    body: jsonBody("Who one is to be", signUpSchema),
    answers: [signedIn(201)],
    async handle({ request, response }) {
      const result = await accountsOf(context).signUp(jsonOf(request, signUpSchema), whenceOf(request, context.options));
      await answerSignedIn(context, request, response, result, 201);
    },
  });
}

function ownAccountRoute(context: HttpContext): Route {
  return route({
    method: "put", path: "/api/account", group: "Accounts",
    summary: "Change one's own account",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    body: jsonBody("What shall be different", ownAccountChangeSchema),
    answers: [{ status: 200, description: "As it is now", contentTypes: ["application/json"], schema: accountSchema }],
    async handle({ admitted: { account, accountId }, principal, request, response }) {
      const { store, audit } = accountsOf(context);
      const { email } = jsonOf(request, ownAccountChangeSchema);
      await store.changeAccount(accountId, { email });
      await audit.note(principal, whenceOf(request, context.options).address, { action: "account-changed", target: account.name, detail: "its mail address" });
      response.json(viewAccount({ ...account, email }));
    },
  });
}

function passwordRoute(context: HttpContext): Route {
  return route({
    method: "put", path: "/api/account/password", group: "Accounts",
    summary: "Change one's own password; ends every other session",
    description: "API tokens stay as they are.",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    body: jsonBody("The old password and the new one", passwordChangeSchema),
    answers: [done],
    async handle({ admitted: member, principal, request, response }) {
      const accounts = accountsOf(context);
      const whence = whenceOf(request, context.options);
      const { secret } = await accounts.changePassword(member, jsonOf(request, passwordChangeSchema), whence);
      context.onAccountChanged(member.accountId);
      await accounts.audit.note(principal, whence.address, { action: "password-changed" });
      setSessionCookie(request, response, secret, context.options);
      response.status(204).end();
    },
  });
}

function resetRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/password", group: "Accounts",
    summary: "A new password by a code that the operator gave, and sign in",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.open,
    body: jsonBody("The code and the new password", passwordResetSchema),
    answers: [signedIn(200)],
    async handle({ request, response }) {
      const result = await accountsOf(context).resetPassword(jsonOf(request, passwordResetSchema), whenceOf(request, context.options));
      context.onAccountChanged(result.account.accountId);
      await answerSignedIn(context, request, response, result, 200);
    },
  });
}

/** With a new cookie. The session that was there before, whoever's it was, ends: nobody goes on in one that another knows. */
export async function endEarlierSession(context: HttpContext, request: Request): Promise<void> {
  const { session } = credentialsOf(request.headers, isSecure(request, context.options));
  const { sessions } = accountsOf(context);
  const earlier = session === undefined ? undefined : await sessions.find(session);
  if (earlier !== undefined) await sessions.end(earlier.session.accountId, earlier.session.sessionId);
}

async function answerSignedIn(context: HttpContext, request: Request, response: Response, { account, secret }: SignedIn, status: 200 | 201): Promise<void> {
  await endEarlierSession(context, request);
  setSessionCookie(request, response, secret, context.options);
  const { accountId, name, role } = account;
  response.status(status).json(accountsOf(context).sessionOf({ kind: "account", accountId, name, role, via: "session", scopes: ALL_SCOPES, credentialId: "", account }));
}
