import { computeServerIdSchema, executableIdSchema, jobIdSchema, loadBalancerIdSchema, ownerSchema } from "../protocol/ids.ts";
import type { IndexRanges } from "../protocol/index-range.ts";
import type { FailureKind } from "../protocol/up/outcomes.ts";
import type { Command } from "./command.ts";
import type { JobSpec, SchedulerEvent } from "./event.ts";
import { Scheduler } from "./scheduler.ts";

// Events with everything filled in that a test does not speak of. Used by tests alone.

type EventOf<T extends SchedulerEvent["type"]> = SchedulerEvent & { readonly type: T };
type CommandOf<T extends Command["type"]> = Command & { readonly type: T };

export function serverId(name: string) {
  return computeServerIdSchema.parse(`server-${name}`);
}

export function jobSpec(name: string, changes: Partial<Omit<JobSpec, "jobId" | "owner">> & { owner?: string } = {}): JobSpec {
  const { owner, ...rest } = changes;
  return {
    jobId: jobIdSchema.parse(`job-named-${name}`), owner: ownerSchema.parse(owner ?? "ada"), executableId: executableIdSchema.parse("0".repeat(64)),
    tasks: 10, priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, createdAtMs: 0, ...rest,
  };
}

export function registered(name: string, changes: Partial<Omit<EventOf<"server-registered">, "type">> = {}): SchedulerEvent {
  return { type: "server-registered", computeServerId: serverId(name), name, engine: "fake-1", slots: 1, leaseMs: 10_000, holding: [], ...changes };
}

export function balancer(name = "embedded", leaseMs = Infinity): SchedulerEvent {
  return { type: "load-balancer-registered", loadBalancerId: loadBalancerIdSchema.parse(name), address: "here", leaseMs };
}

/** What the Compute Server of this batch says became of it: all done, if nothing else is told. */
export function outcomesOf(
  { computeServerId, batchId, jobId, ranges }: CommandOf<"assign">,
  told: { done?: IndexRanges; failed?: readonly number[]; kind?: FailureKind; busyMs?: number; answer?: (index: number) => string } = {},
): SchedulerEvent {
  const failures = (told.failed ?? []).map((index) => ({ index, kind: told.kind ?? "error", message: `failed ${index}`, stack: "stack" }));
  const done = told.done ?? (told.failed ? [] : ranges);
  const { answer } = told;
  const answers = answer === undefined ? {} : { answers: done.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => answer(from + i))) };
  return { type: "outcomes", computeServerId, batchId, jobId, done, failures, busyMs: told.busyMs ?? 1, ...answers };
}

export function released({ computeServerId, batchId, jobId }: CommandOf<"assign">, ranges: IndexRanges): SchedulerEvent {
  return { type: "released", computeServerId, batchId, jobId, ranges };
}

export function only<T extends Command["type"]>(type: T, commands: readonly Command[]): CommandOf<T>[] {
  return commands.filter((command): command is CommandOf<T> => command.type === type);
}

/** The one command of this type; a test that finds none or more has failed. */
export function the<T extends Command["type"]>(type: T, commands: readonly Command[]): CommandOf<T> {
  const [command, ...more] = only(type, commands);
  if (command === undefined || more.length > 0) throw new Error(`Cannot name the ${type}: there are ${command === undefined ? 0 : 1 + more.length}`);
  return command;
}

/** A scheduler with a Load Balancer, and these Compute Servers of one slot. */
export function gridOf(...names: readonly string[]): Scheduler {
  const scheduler = new Scheduler();
  scheduler.handle(balancer(), 0);
  for (const name of names) scheduler.handle(registered(name), 0);
  return scheduler;
}
