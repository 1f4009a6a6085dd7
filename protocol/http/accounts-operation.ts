import * as z from "zod/mini";
import { volunteersSchema } from "./accounts.ts";

/** One thing that somebody did. */
export const auditEntrySchema = z.object({
  /** Unix ms. */
  at: z.number(),
  /** A word with dashes, for example "sign-in" or "job-cancelled". */
  action: z.string(),
  /** Name of the account; null: nobody was signed in. */
  account: z.nullable(z.string()),
  via: z.enum(["session", "token", "none", "terminal"]),
  /** Network address of who asked; empty where it was the hub's own terminal. */
  address: z.string(),
  /** What it was done to: a job's id, an account's or a token's name; empty where there is nothing. */
  target: z.string(),
  /** More in words; may be empty. */
  detail: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** `GET /api/audit?account=&action=&cursor=&limit=`: newest first. */
export const auditSchema = z.object({ entries: z.array(auditEntrySchema), nextCursor: z.nullable(z.string()) });
export type Audit = z.infer<typeof auditSchema>;

/** Answer of `GET /api/settings`: what the operator has set. */
export const settingsSchema = z.object({
  /** Whether anybody may make an account, without an invitation. */
  signUp: z.boolean(),
  /** The role of who signs up so. */
  signUpRole: z.enum(["volunteer", "submitter"]),
  volunteers: volunteersSchema,
  /** The hub was started with --volunteers: what is set here has no effect until it is started without. */
  volunteersFixed: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Body of `PUT /api/settings`; what is left out stays. */
export const settingsChangeSchema = z.strictObject({
  signUp: z.optional(z.boolean()),
  signUpRole: z.optional(z.enum(["volunteer", "submitter"])),
  volunteers: z.optional(volunteersSchema),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
