import * as z from "zod/mini";
import { verificationSchema } from "./verification.ts";
import { computeServerIdSchema, loadBalancerIdSchema } from "../ids.ts";

const count = z.int().check(z.minimum(0));

export const loadBalancerViewSchema = z.object({
  loadBalancerId: loadBalancerIdSchema,
  address: z.string(),
  leaseLeftMs: z.nullable(z.number()), // null: for ever
  computeServers: count,
  slots: count,
  runningTasks: count,
  jobs: count,
});
export type LoadBalancerView = z.infer<typeof loadBalancerViewSchema>;

export const computeServerViewSchema = z.object({
  computeServerId: computeServerIdSchema,
  name: z.string(),
  engine: z.string(),
  /** What it offers to jobs that require something. */
  capabilities: z.array(z.string()),
  /** Null where its browser does not tell. */
  memoryMiB: z.nullable(z.number()),
  connected: z.boolean(),
  leaseLeftMs: z.nullable(z.number()),
  slots: count,
  runningTasks: count,
  queuedTasks: count,
  statistics: z.object({
    tasksCompleted: count,
    tasksFailed: count,
    /** Tasks whose right answer was known: how many it answered so, and how many otherwise. */
    checksPassed: count,
    checksFailed: count,
    totalTimeMs: z.number(),
    lastCompletionAt: z.nullable(z.number()),
    /** Relative to the mean of all; 1 where nothing is known. */
    speed: z.number(),
    registeredAt: z.number(),
  }),
  /** Why a slot of it has no work, in words; null when all have. */
  waitingFor: z.nullable(z.string()),
  /** The job that it works for now. */
  jobId: z.nullable(z.string()),
});
export type ComputeServerView = z.infer<typeof computeServerViewSchema>;

export const loadBalancersSchema = z.object({ loadBalancers: z.array(loadBalancerViewSchema) });
export const computeServersSchema = z.object({ computeServers: z.array(computeServerViewSchema), total: count });

/** `GET /api/policies`: the ways to choose a Compute Server, and the one that this hub takes where a job names none. */
export const policiesSchema = z.object({
  byDefault: z.string(),
  policies: z.array(z.object({ name: z.string(), summary: z.string() })),
});
export type Policies = z.infer<typeof policiesSchema>;

/** `GET /api/grid`: the pulse shown on the first page, and what this hub can do. */
export const gridPulseSchema = z.object({
  computeServers: count,
  slots: count,
  runningJobs: count,
  tasksPerSecond: z.number(),
  tasksDone: count,
  mail: z.boolean(),
  /** When an answer is accepted, of a job that does not say. */
  verification: verificationSchema,
  version: z.string(),
  /** Template of the sandbox's origin with "*" for a random label, or null for the hub's own host. */
  sandboxOrigin: z.nullable(z.string()),
});
export type GridPulse = z.infer<typeof gridPulseSchema>;
