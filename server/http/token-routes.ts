import { GridError } from "../../protocol/grid-error.ts";
import { madeTokenSchema, newTokenSchema, tokensSchema } from "../../protocol/http/accounts-tokens.ts";
import { accountsOf } from "./accounts-of.ts";
import type { HttpContext } from "./http-context.ts";
import { jsonBody, jsonOf } from "./json-body.ts";
import { tokenParams } from "./parameters.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { whenceOf } from "./whence.ts";

export function tokenRoutes(context: HttpContext): readonly Route[] {
  return [listRoute(context), makeRoute(context), revokeRoute(context)];
}

function listRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/tokens", group: "Accounts",
    summary: "One's own API tokens",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    answers: [{ status: 200, description: "All of them, without what they say", contentTypes: ["application/json"], schema: tokensSchema }],
    async handle({ admitted: { accountId }, response }) {
      response.json({ tokens: await accountsOf(context).tokens.list(accountId) });
    },
  });
}

function makeRoute(context: HttpContext): Route {
  return route({
    method: "post", path: "/api/tokens", group: "Accounts",
    summary: "Make an API token, which is shown this once",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.inPerson,
    body: jsonBody("What it is for", newTokenSchema),
    answers: [{ status: 201, description: "The token", contentTypes: ["application/json"], schema: madeTokenSchema }],
    async handle({ admitted: { account }, principal, request, response }) {
      const { tokens, audit } = accountsOf(context);
      const made = await tokens.make(account, jsonOf(request, newTokenSchema));
      await audit.note(principal, whenceOf(request, context.options).address, { action: "token-made", target: made.name, detail: made.scopes.join(", ") });
      response.status(201).json(made);
    },
  });
}

function revokeRoute(context: HttpContext): Route {
  return route({
    method: "delete", path: "/api/tokens/{tokenId}", group: "Accounts",
    summary: "Revoke an API token; a token may revoke itself",
    params: tokenParams, query: NO_PARAMETERS, access: context.access.ownToken,
    answers: [{ status: 204, description: "It is void" }],
    async handle({ admitted: { accountId }, params: { tokenId }, principal, request, response }) {
      const { tokens, audit } = accountsOf(context);
      if (!(await tokens.revoke(accountId, tokenId))) throw new GridError("not-found", "Cannot revoke this token: you have none of that id");
      context.onAccountChanged(accountId);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "token-revoked", target: tokenId });
      response.status(204).end();
    },
  });
}
