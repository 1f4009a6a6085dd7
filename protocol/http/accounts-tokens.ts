import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

/**
 * What a token is good for: `read` jobs and results, `submit` and steer jobs, `compute` as a Compute Server, `admin`:
 * what the operator does. Never more than its account's role.
 */
export const SCOPES = ["read", "submit", "compute", "admin"] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

/** A token as it is listed; the token itself is shown once, when it is made. Times are Unix ms. */
export const tokenViewSchema = z.object({
  tokenId: z.string(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.number(),
  /** Null: never. */
  expiresAt: z.nullable(z.number()),
  /** To the minute; null: not yet. */
  lastUsedAt: z.nullable(z.number()),
});
export type TokenView = z.infer<typeof tokenViewSchema>;

export const tokensSchema = z.object({ tokens: z.array(tokenViewSchema) });
export type Tokens = z.infer<typeof tokensSchema>;

/** Body of `POST /api/tokens`. */
export const newTokenSchema = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.nameMaxChars)),
  scopes: z.array(scopeSchema).check(z.minLength(1), z.maxLength(SCOPES.length)),
  /** From now on; null: never expires. */
  expiresInMs: z.nullable(z.int().check(z.minimum(1), z.maximum(LIMITS.tokenLifeMs))),
});
export type NewToken = z.infer<typeof newTokenSchema>;

/** Answer of `POST /api/tokens`: the one time that `token` is told. It begins with "mh_". */
export const madeTokenSchema = z.extend(tokenViewSchema, { token: z.string() });
export type MadeToken = z.infer<typeof madeTokenSchema>;
