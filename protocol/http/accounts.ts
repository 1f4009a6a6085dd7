import * as z from "zod/mini";
import { accountIdSchema, accountNameSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

/** From the least to the most that an account may do. */
export const ROLES = ["volunteer", "submitter", "operator"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Whether a role may do what is meant for another: a submitter may do all that a volunteer may. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/**
 * Who may lend a hand: `anonymous`: anyone who opens the page; `accounts`: who is signed in; `invited`: who is signed in
 * with an account that came by an invitation, or that the operator marked as invited.
 */
export const volunteersSchema = z.enum(["anonymous", "accounts", "invited"]);
export type Volunteers = z.infer<typeof volunteersSchema>;

export const passwordSchema = z.string().check(z.minLength(LIMITS.passwordMinChars), z.maxLength(LIMITS.passwordMaxChars));
/** What is tried as a password: one that was never allowed is merely wrong. */
const triedPasswordSchema = z.string().check(z.minLength(1), z.maxLength(LIMITS.passwordMaxChars));
const triedNameSchema = z.string().check(z.minLength(1), z.maxLength(LIMITS.ownerMaxChars));

export const emailSchema = z.email().check(z.maxLength(LIMITS.emailMaxChars));

/** An account as its owner and the operator see it. Times are Unix ms. */
export const accountSchema = z.object({
  accountId: accountIdSchema,
  /** Unique and for ever: the `owner` of its jobs. */
  name: z.string(),
  role: roleSchema,
  email: z.nullable(z.string()),
  /** Signs in by a password; otherwise by the single sign-on alone. */
  hasPassword: z.boolean(),
  /** Came by an invitation, or the operator said so. */
  invited: z.boolean(),
  /** The operator vouches for its Compute Servers: what they answer is accepted at once. */
  vouched: z.boolean(),
  /** Cannot sign in, and its tokens are void. */
  disabled: z.boolean(),
  createdAt: z.number(),
  lastSignInAt: z.nullable(z.number()),
  /** What its Compute Servers have done while they were signed in. */
  work: z.object({ tasksCompleted: z.int(), tasksFailed: z.int(), totalTimeMs: z.number() }),
});
export type Account = z.infer<typeof accountSchema>;

/** Answer of `GET /api/session`, of a sign-in and of a sign-up: who asks, and what this hub offers. Never an error. */
export const sessionSchema = z.object({
  /** False: nothing is asked here, everybody is the operator `local`. */
  accounts: z.boolean(),
  /** Null: not signed in, or a hub without accounts. */
  account: z.nullable(accountSchema),
  /** Whether anybody may make an account. */
  signUp: z.boolean(),
  /** Single sign-on: what to write on the button that leads to `/api/oidc/start?next=/path`. */
  oidc: z.nullable(z.object({ label: z.string() })),
  volunteers: volunteersSchema,
  /** Whether who asks may lend a hand, submit jobs, see to the hub. */
  may: z.object({ compute: z.boolean(), submit: z.boolean(), operate: z.boolean() }),
});
export type Session = z.infer<typeof sessionSchema>;

/** Body of `POST /api/session`. */
export const signInSchema = z.strictObject({ name: triedNameSchema, password: triedPasswordSchema });
export type SignIn = z.infer<typeof signInSchema>;

/** Body of `POST /api/accounts`: makes an account and signs in. */
export const signUpSchema = z.strictObject({
  name: accountNameSchema,
  password: passwordSchema,
  email: z.optional(emailSchema),
  /** The code of an invitation; without it only where anybody may sign up. */
  invitation: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.tokenMaxChars))),
});
export type SignUp = z.infer<typeof signUpSchema>;

/** Body of `PUT /api/account/password`. Ends every other session of the account. */
export const passwordChangeSchema = z.strictObject({
  /** Left out by who has none yet. */
  currentPassword: z.optional(triedPasswordSchema),
  newPassword: passwordSchema,
});
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

/** Body of `PUT /api/account`: what one may change of oneself. */
export const ownAccountChangeSchema = z.strictObject({ email: z.nullable(emailSchema) });
export type OwnAccountChange = z.infer<typeof ownAccountChangeSchema>;

/** One session of `GET /api/sessions`: a browser in which one is signed in. */
export const sessionViewSchema = z.object({
  sessionId: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  expiresAt: z.number(),
  address: z.string(),
  userAgent: z.string(),
  /** The one that asks. */
  current: z.boolean(),
});
export const sessionsSchema = z.object({ sessions: z.array(sessionViewSchema) });
export type Sessions = z.infer<typeof sessionsSchema>;

/** `GET /api/accounts?q=&cursor=`: for the operator. */
export const accountsSchema = z.object({ accounts: z.array(accountSchema), nextCursor: z.nullable(z.string()) });
export type Accounts = z.infer<typeof accountsSchema>;

/** Body of `PUT /api/accounts/{accountId}`: what the operator may change; what is left out stays. */
export const accountChangeSchema = z.strictObject({
  role: z.optional(roleSchema),
  invited: z.optional(z.boolean()),
  vouched: z.optional(z.boolean()),
  disabled: z.optional(z.boolean()),
});
export type AccountChange = z.infer<typeof accountChangeSchema>;
