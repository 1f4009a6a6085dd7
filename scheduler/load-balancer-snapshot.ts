import type { LoadBalancer } from "./load-balancer.ts";
import type { LoadBalancerSnapshot } from "./snapshot.ts";

/** How a Load Balancer stands at this moment. */
export function snapshotLoadBalancer({ loadBalancerId, address, lease, servers, slots, jobs }: LoadBalancer, nowMs: number): LoadBalancerSnapshot {
  let runningTasks = 0;
  for (const server of servers.values()) runningTasks += server.runningTasks;
  return { loadBalancerId, address, leaseLeftMs: Math.max(0, lease.endsAtMs - nowMs), computeServers: servers.size, slots, runningTasks, jobs: jobs.size };
}
