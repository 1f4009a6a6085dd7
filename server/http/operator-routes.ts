import { GridError } from "../../protocol/grid-error.ts";
import { auditSchema, settingsChangeSchema, settingsSchema } from "../../protocol/http/accounts-operation.ts";
import { accountChangeSchema, accountSchema, accountsSchema } from "../../protocol/http/accounts.ts";
import { viewAccount } from "../accounts/accounts.ts";
import { accountsOf } from "./accounts-of.ts";
import type { HttpContext } from "./http-context.ts";
import { jsonBody, jsonOf } from "./json-body.ts";
import { accountParams, accountsQuery, auditQuery } from "./parameters.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { whenceOf } from "./whence.ts";

const PAGE = 100;

/** What the operator sees to. */
export function operatorRoutes(context: HttpContext): readonly Route[] {
  return [accountsRoute(context), changeAccountRoute(context), settingsRoute(context), changeSettingsRoute(context), auditRoute(context)];
}

function accountsRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/accounts", group: "Operator",
    summary: "Accounts, by name",
    params: NO_PARAMETERS, query: accountsQuery, access: context.access.operator,
    answers: [{ status: 200, description: "A page of accounts", contentTypes: ["application/json"], schema: accountsSchema }],
    async handle({ query: { q, cursor, limit = PAGE }, response }) {
      const found = await accountsOf(context).store.accounts({
        limit: limit + 1, ...(q === undefined ? {} : { text: q }), ...(cursor === undefined ? {} : { after: cursor }),
      });
      const page = found.slice(0, limit);
      response.json({ accounts: page.map(viewAccount), nextCursor: found.length > limit ? (page.at(-1)?.name ?? null) : null });
    },
  });
}

function changeAccountRoute(context: HttpContext): Route {
  return route({
    method: "put", path: "/api/accounts/{accountId}", group: "Operator",
    summary: "Change an account's role; mark it as invited, vouched for, or disabled",
    description: "A new role holds at once, also for its tokens. Disabling ends its sessions and its links. The last operator stays one.",
    params: accountParams, query: NO_PARAMETERS, access: context.access.operator,
    body: jsonBody("What shall be different", accountChangeSchema),
    answers: [{ status: 200, description: "As it is now", contentTypes: ["application/json"], schema: accountSchema }],
    async handle({ params: { accountId }, principal, request, response }) {
      const { store, sessions, audit } = accountsOf(context);
      const { role, invited, vouched, disabled } = jsonOf(request, accountChangeSchema);
      await store.changeAccount(accountId, {
        ...(role === undefined ? {} : { role }), ...(invited === undefined ? {} : { invited }),
        ...(vouched === undefined ? {} : { vouched }), ...(disabled === undefined ? {} : { disabled }),
      });
      if (disabled === true) await sessions.endAll(accountId);
      context.onAccountChanged(accountId);
      const account = await store.account(accountId);
      if (account === undefined) throw new GridError("not-found", `Cannot find the account ${accountId}: there is none of that id`);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "account-changed", target: account.name, detail: JSON.stringify({ role, invited, vouched, disabled }) });
      response.json(viewAccount(account));
    },
  });
}

function settingsRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/settings", group: "Operator",
    summary: "What the operator has set",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.operator,
    answers: [{ status: 200, description: "The settings", contentTypes: ["application/json"], schema: settingsSchema }],
    handle({ response }) {
      response.json(accountsOf(context).settings.now);
    },
  });
}

function changeSettingsRoute(context: HttpContext): Route {
  return route({
    method: "put", path: "/api/settings", group: "Operator",
    summary: "Set who may sign up, and who may lend a hand",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: context.access.operator,
    body: jsonBody("What shall be different", settingsChangeSchema),
    answers: [{ status: 200, description: "As it is now", contentTypes: ["application/json"], schema: settingsSchema }],
    async handle({ principal, request, response }) {
      const { settings, audit } = accountsOf(context);
      const change = jsonOf(request, settingsChangeSchema);
      const now = await settings.change(change);
      await audit.note(principal, whenceOf(request, context.options).address, { action: "settings-changed", detail: JSON.stringify(change) });
      response.json(now);
    },
  });
}

function auditRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/audit", group: "Operator",
    summary: "Who did what, newest first",
    params: NO_PARAMETERS, query: auditQuery, access: context.access.operator,
    answers: [{ status: 200, description: "A page of the log", contentTypes: ["application/json"], schema: auditSchema }],
    async handle({ query: { account, action, cursor, limit = PAGE }, response }) {
      const found = await accountsOf(context).store.audit({
        limit: limit + 1, ...(account === undefined ? {} : { account }), ...(action === undefined ? {} : { action }),
        ...(cursor === undefined ? {} : { before: cursor }),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      response.json({
        entries: page.map(({ at, action: did, account: who, via, address, target, detail }) => ({ at, action: did, account: who, via, address, target, detail })),
        nextCursor: found.length > limit && last !== undefined ? String(last.entryId) : null,
      });
    },
  });
}
