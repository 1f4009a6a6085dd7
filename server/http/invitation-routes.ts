import { GridError } from "../../protocol/grid-error.ts";
import {
  invitationCodeSchema, invitationOfferSchema, invitationsSchema, madeInvitationSchema, newInvitationSchema, type MadeInvitation,
} from "../../protocol/http/accounts-invitations.ts";
import { invitationUrl, type MadeCode } from "../accounts/invitations.ts";
import { accountsOf } from "./accounts-of.ts";
import type { HttpContext } from "./http-context.ts";
import { jsonBody, jsonOf } from "./json-body.ts";
import { accountParams, invitationParams } from "./parameters.ts";
import { requestBase } from "./request-base.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { whenceOf } from "./whence.ts";

export function invitationRoutes(context: HttpContext): readonly Route[] {
  return [checkRoute(context), listRoute(context), makeRoute(context), revokeRoute(context), passwordLinkRoute(context)];
}

function checkRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/invitations/check", group: "Accounts",
    summary: "What the code of a link is good for",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.open,
    body: jsonBody("The code", invitationCodeSchema),
    answers: [{ status: 200, description: "It is good for this", contentTypes: ["application/json"], schema: invitationOfferSchema }],
    async handle({ request, response }) {
      response.json(await accountsOf(context).checkCode(jsonOf(request, invitationCodeSchema).code, whenceOf(request, context.options)));
    },
  });
}

function listRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/invitations", group: "Operator",
    summary: "Invitations that are still good",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.operator,
    answers: [{ status: 200, description: "Newest first, without their links", contentTypes: ["application/json"], schema: invitationsSchema }],
    async handle({ response }) {
      response.json({ invitations: await accountsOf(context).invitations.list() });
    },
  });
}

function makeRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/invitations", group: "Operator",
    summary: "Make an invitation, whose link is shown this once",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.operator,
    body: jsonBody("Whom it is for", newInvitationSchema),
    answers: [{ status: 201, description: "The invitation with its link", contentTypes: ["application/json"], schema: madeInvitationSchema }],
    async handle({ admitted: name, principal, request, response }) {
      const { invitations, audit } = accountsOf(context);
      const wanted = jsonOf(request, newInvitationSchema);
      const made = await invitations.make(wanted, name);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "invitation-made", target: made.view.invitationId, detail: `${wanted.role}, for ${wanted.uses}` });
      response.status(201).json(withUrl(made, requestBase(request, context.options)));
    },
  });
}

function revokeRoute(context: HttpContext): Route {
  return route({
    method: "delete", path: "/api/invitations/{invitationId}", group: "Operator",
    summary: "Revoke an invitation",
    params: invitationParams, query: NO_PARAMETERS, access: context.access.operator,
    answers: [{ status: 204, description: "Its link is void" }],
    async handle({ params: { invitationId }, principal, request, response }) {
      const { invitations, audit } = accountsOf(context);
      if (!(await invitations.revoke(invitationId))) throw new GridError("not-found", "Cannot revoke this invitation: there is none of that id");
      await audit.note(principal, whenceOf(request, context.options).address, { action: "invitation-revoked", target: invitationId });
      response.status(204).end();
    },
  });
}

function passwordLinkRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/accounts/{accountId}/password-link", group: "Operator",
    summary: "A link by which somebody who forgot their password sets a new one",
    params: accountParams, query: NO_PARAMETERS, access: context.access.operator,
    answers: [{ status: 201, description: "The link, shown this once", contentTypes: ["application/json"], schema: madeInvitationSchema }],
    async handle({ admitted: name, params: { accountId }, principal, request, response }) {
      const { store, invitations, audit } = accountsOf(context);
      const account = await store.account(accountId);
      if (account === undefined) throw new GridError("not-found", `Cannot find the account ${accountId}: there is none of that id`);
      const made = await invitations.makePasswordLink(account, name);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "password-link-made", target: account.name });
      response.status(201).json(withUrl(made, requestBase(request, context.options)));
    },
  });
}

function withUrl({ view, code }: MadeCode, base: string): MadeInvitation {
  return { ...view, url: invitationUrl(base, code) };
}
