import type { ComputeServerView } from "../../protocol/http/registry.ts";

type Compare = (a: ComputeServerView, b: ComputeServerView) => number;

const COMPARE = {
  registered: (a, b) => b.statistics.registeredAt - a.statistics.registeredAt,
  load: (a, b) => b.runningTasks - a.runningTasks,
  done: (a, b) => b.statistics.tasksCompleted - a.statistics.tasksCompleted,
  time: (a, b) => b.statistics.totalTimeMs - a.statistics.totalTimeMs,
  speed: (a, b) => b.statistics.speed - a.statistics.speed,
  name: (a, b) => a.name.localeCompare(b.name),
} satisfies Record<string, Compare>;

export type ServerOrder = keyof typeof COMPARE;

export const ORDERS: { readonly value: ServerOrder; readonly label: string }[] = [
  { value: "registered", label: "Newest first" },
  { value: "load", label: "Most at work" },
  { value: "done", label: "Most tasks done" },
  { value: "time", label: "Most time spent" },
  { value: "speed", label: "Fastest" },
  { value: "name", label: "By name" },
];

export function isServerOrder(text: string): text is ServerOrder {
  return Object.hasOwn(COMPARE, text);
}

/** In a stable order: equals by id, so that rows do not jump at every poll. */
export function orderServers(servers: readonly ComputeServerView[], order: ServerOrder): ComputeServerView[] {
  const compare: Compare = COMPARE[order];
  return [...servers].sort((a, b) => compare(a, b) || (a.computeServerId < b.computeServerId ? -1 : 1));
}
