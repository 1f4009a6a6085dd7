import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

// Branded identifiers: one never passes for another. Every id is printable ASCII, so it is safe in a path,
// a log line and a header alike.

const token = (minLength: number, maxLength: number) =>
  z.string().check(z.minLength(minLength), z.maxLength(maxLength), z.regex(/^[A-Za-z0-9_-]+$/));

export const jobIdSchema = token(LIMITS.idMinChars, LIMITS.idMaxChars).brand<"JobId">();
export type JobId = z.infer<typeof jobIdSchema>;

export const computeServerIdSchema = token(LIMITS.idMinChars, LIMITS.idMaxChars).brand<"ComputeServerId">();
export type ComputeServerId = z.infer<typeof computeServerIdSchema>;

export const loadBalancerIdSchema = token(1, LIMITS.idMaxChars).brand<"LoadBalancerId">();
export type LoadBalancerId = z.infer<typeof loadBalancerIdSchema>;

/** Proof that a returning tab is the Compute Server it says it is. Unguessable; the hub stores its hash alone. */
export const resumeTokenSchema = token(32, LIMITS.tokenMaxChars).brand<"ResumeToken">();
export type ResumeToken = z.infer<typeof resumeTokenSchema>;

/** SHA-256 of an Executable's bytes, in lower-case hexadecimal. */
export const executableIdSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/)).brand<"ExecutableId">();
export type ExecutableId = z.infer<typeof executableIdSchema>;

/** SHA-256 of a payload stored beside the messages, in lower-case hexadecimal. */
export const blobIdSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/)).brand<"BlobId">();
export type BlobId = z.infer<typeof blobIdSchema>;

/** Counts up within one Load Balancer; unique together with its id. */
export const batchIdSchema = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER)).brand<"BatchId">();
export type BatchId = z.infer<typeof batchIdSchema>;

/** The name of who owns an Executable and the jobs made of it. */
export const ownerSchema = z.string().check(z.minLength(1), z.maxLength(LIMITS.ownerMaxChars)).brand<"Owner">();
export type Owner = z.infer<typeof ownerSchema>;

export const accountIdSchema = token(LIMITS.idMinChars, LIMITS.idMaxChars).brand<"AccountId">();
export type AccountId = z.infer<typeof accountIdSchema>;

/** An account's name, unique in a hub: small letters, digits, and dots, dashes and underscores between them. */
export const accountNameSchema = z.string().check(
  z.minLength(LIMITS.accountNameMinChars), z.maxLength(LIMITS.accountNameMaxChars), z.regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/),
);
