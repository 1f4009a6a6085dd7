import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { roleSchema } from "./accounts.ts";

/** Body of `POST /api/invitations`. */
export const newInvitationSchema = z.strictObject({
  role: roleSchema,
  /** How many people may come by it. */
  uses: z.int().check(z.minimum(1), z.maximum(LIMITS.invitationUses)),
  expiresInMs: z.int().check(z.minimum(1), z.maximum(LIMITS.invitationLifeMs)),
  /** For whom it is, for the list. */
  note: z.optional(z.string().check(z.maxLength(LIMITS.nameMaxChars))),
});
export type NewInvitation = z.infer<typeof newInvitationSchema>;

/** An invitation as it is listed; its code is in the link that is told once. Times are Unix ms. */
export const invitationViewSchema = z.object({
  invitationId: z.string(),
  /** `sign-up` makes an account of that role; `password` gives an account a new password. */
  purpose: z.enum(["sign-up", "password"]),
  role: roleSchema,
  usesLeft: z.int(),
  expiresAt: z.number(),
  note: z.string(),
  /** Name of the account that made it; null: the hub itself, on its terminal. */
  createdBy: z.nullable(z.string()),
  createdAt: z.number(),
  /** Name of the account that it gives a password; null for a sign-up. */
  forAccount: z.nullable(z.string()),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;

export const invitationsSchema = z.object({ invitations: z.array(invitationViewSchema) });
export type Invitations = z.infer<typeof invitationsSchema>;

/** Answer of `POST /api/invitations`: the one time that the link is told, `<hub>/invitation#<code>`. */
export const madeInvitationSchema = z.extend(invitationViewSchema, { url: z.string() });
export type MadeInvitation = z.infer<typeof madeInvitationSchema>;

const codeSchema = z.string().check(z.minLength(1), z.maxLength(LIMITS.tokenMaxChars));

/** Body of `POST /api/invitations/check`, which asks what a code is good for; one that is good for nothing is a 404. */
export const invitationCodeSchema = z.strictObject({ code: codeSchema });
export const invitationOfferSchema = z.object({
  purpose: z.enum(["sign-up", "password"]),
  role: roleSchema,
  expiresAt: z.number(),
  /** Whose password it is; null for a sign-up. */
  forAccount: z.nullable(z.string()),
});
export type InvitationOffer = z.infer<typeof invitationOfferSchema>;

/** Body of `POST /api/password`: a new password by a code that the operator gave; signs in, ends all other sessions. */
export const passwordResetSchema = z.strictObject({
  code: codeSchema,
  newPassword: z.string().check(z.minLength(LIMITS.passwordMinChars), z.maxLength(LIMITS.passwordMaxChars)),
});
export type PasswordReset = z.infer<typeof passwordResetSchema>;
