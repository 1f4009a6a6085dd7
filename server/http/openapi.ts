import * as z from "zod/mini";
import {
  accountChangeSchema, accountSchema, accountsSchema, ownAccountChangeSchema, passwordChangeSchema, sessionSchema, sessionsSchema, signInSchema, signUpSchema,
} from "../../protocol/http/accounts.ts";
import {
  invitationCodeSchema, invitationOfferSchema, invitationsSchema, madeInvitationSchema, newInvitationSchema, passwordResetSchema,
} from "../../protocol/http/accounts-invitations.ts";
import { auditSchema, settingsChangeSchema, settingsSchema } from "../../protocol/http/accounts-operation.ts";
import { madeTokenSchema, newTokenSchema, tokensSchema } from "../../protocol/http/accounts-tokens.ts";
import { storedBlobSchema } from "../../protocol/http/blob.ts";
import { executableSchema } from "../../protocol/http/executable.ts";
import { gallerySchema } from "../../protocol/http/gallery.ts";
import { jobEventSchema } from "../../protocol/http/job-event.ts";
import { failureGroupSchema, jobListSchema, jobSchema, taskMapSchema } from "../../protocol/http/job.ts";
import { problemSchema } from "../../protocol/http/problem.ts";
import {
  computeServersSchema, computeServerViewSchema, gridPulseSchema, loadBalancersSchema, loadBalancerViewSchema, policiesSchema,
} from "../../protocol/http/registry.ts";
import { resultLineSchema } from "../../protocol/http/result.ts";
import { sharingChangeSchema, sharingSchema } from "../../protocol/http/sharing.ts";
import { submittedSchema } from "../../protocol/http/submission.ts";
import { viewSchema } from "../../protocol/http/view.ts";
import { hubSubmissionSchema } from "../execution/hub-submission.ts";
import type { Answer, RequestBody, Route } from "./route.ts";

type JsonObject = { readonly [key: string]: unknown };

/** What has a name in the document. Everything else is written where it is used. */
const ANSWERED: Readonly<Record<string, z.ZodMiniType>> = {
  Job: jobSchema, JobList: jobListSchema, FailureGroup: failureGroupSchema, TaskMap: taskMapSchema, View: viewSchema,
  JobEvent: jobEventSchema, ResultLine: resultLineSchema, Gallery: gallerySchema, Submitted: submittedSchema,
  Executable: executableSchema, StoredBlob: storedBlobSchema, GridPulse: gridPulseSchema, Policies: policiesSchema,
  LoadBalancer: loadBalancerViewSchema, LoadBalancers: loadBalancersSchema,
  ComputeServer: computeServerViewSchema, ComputeServers: computeServersSchema, Problem: problemSchema,
  Session: sessionSchema, Sessions: sessionsSchema, Account: accountSchema, Accounts: accountsSchema, Sharing: sharingSchema,
  Tokens: tokensSchema, MadeToken: madeTokenSchema, Audit: auditSchema, Settings: settingsSchema,
  Invitations: invitationsSchema, MadeInvitation: madeInvitationSchema, InvitationOffer: invitationOfferSchema,
};
const SENT: Readonly<Record<string, z.ZodMiniType>> = {
  Submission: hubSubmissionSchema, SignIn: signInSchema, SignUp: signUpSchema, PasswordChange: passwordChangeSchema, PasswordReset: passwordResetSchema,
  OwnAccountChange: ownAccountChangeSchema, AccountChange: accountChangeSchema, NewToken: newTokenSchema, NewInvitation: newInvitationSchema,
  InvitationCode: invitationCodeSchema, SettingsChange: settingsChangeSchema, SharingChange: sharingChangeSchema,
};

const SECURITY_SCHEMES: JsonObject = {
  session: { type: "apiKey", in: "cookie", name: "manyhands", description: "Set by a sign-in. Under TLS it is called `__Host-manyhands`. A hub without accounts asks for nothing." },
  token: { type: "http", scheme: "bearer", description: "An API token, `mh_…`, with the scope that the call names." },
  computeServer: { type: "http", scheme: "bearer", description: "A Compute Server's resume token, beside its id in `X-Compute-Server`." },
};

const KEY_PARAMETER: JsonObject = { name: "key", in: "query", required: false, description: "The key of a link by which a job is shared", schema: { type: "string" } };

/** The OpenAPI document of these routes, made of the very schemas that they parse and answer by. */
export function openApi(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: "3.1.0",
    info: {
      title: "Manyhands", version,
      description: "Submit a function and a list of inputs, watch the answer grow, read it at a link that stays. Every error is a problem of RFC 9457.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: { schemas: namedSchemas(), securitySchemes: SECURITY_SCHEMES },
  };
}

function operation(route: Route): JsonObject {
  return {
    operationId: operationId(route),
    tags: [route.group],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: security(route.access),
    parameters: [
      ...parameters(route.params, "path"),
      ...parameters(route.query, "query"),
      ...(route.access.shown === "optional" && route.path.includes("{") ? [KEY_PARAMETER] : []),
      ...(route.headers ?? []).map(({ name, description, required = false }) => ({ name, in: "header", description, required, schema: { type: "string" } })),
    ],
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
    responses: {
      ...Object.fromEntries(route.answers.map((answer) => [String(answer.status), response(answer)])),
      default: { description: "A problem", content: { "application/problem+json": { schema: schemaOf(problemSchema, "output") } } },
    },
  };
}

/** Ways to show who asks, any of which is enough; an empty one: nobody needs to. */
function security({ shown, scope }: Route["access"]): readonly JsonObject[] {
  const known = [{ session: [] }, ...(scope === null ? [] : [{ token: [scope] }])];
  switch (shown) {
    case "open": return [];
    case "optional": return [{}, ...known];
    case "required": return known;
    case "compute-server": return [{ computeServer: [] }];
  }
}

function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && word !== "api");
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}

function parameters(schema: z.ZodMiniType, place: "path" | "query"): readonly JsonObject[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return Object.entries(properties).map(([name, property]) => ({ name, in: place, required: required.includes(name), schema: property }));
}

function requestBody({ contentTypes, description, maxBytes, schema }: RequestBody): JsonObject {
  return {
    required: true,
    description: `${description}. At most ${maxBytes} bytes.`,
    content: Object.fromEntries(contentTypes.map((type) => [type, schema === undefined ? {} : { schema: schemaOf(schema, "input") }])),
  };
}

function response({ description, contentTypes = [], schema }: Answer): JsonObject {
  const content = Object.fromEntries(contentTypes.map((type) => [type, schema === undefined ? {} : { schema: schemaOf(schema, "output") }]));
  return contentTypes.length === 0 ? { description } : { description, content };
}

/** A reference to a named schema, or the schema itself. */
function schemaOf(schema: z.ZodMiniType, io: "input" | "output"): JsonObject {
  const name = schemaName(schema);
  if (name !== undefined) return { $ref: reference(name) };
  return withoutIdentity(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
}

/** The name that a schema has in the document, if it has one. */
export function schemaName(schema: z.ZodMiniType): string | undefined {
  return Object.entries({ ...ANSWERED, ...SENT }).find(([, candidate]) => candidate === schema)?.[0];
}

/** Every named schema, as JSON Schema. */
export function namedSchemas(): JsonObject {
  return { ...components(SENT, "input"), ...components(ANSWERED, "output") };
}

function components(named: Readonly<Record<string, z.ZodMiniType>>, io: "input" | "output"): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, unrepresentable: "any", uri: reference });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

/** Inside a document a schema has its place for a name. */
function withoutIdentity(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}
