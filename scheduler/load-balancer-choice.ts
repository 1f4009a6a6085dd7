import type { LoadBalancer } from "./load-balancer.ts";

/** Which of the registered Load Balancers gets a job. */
export type LoadBalancerChoice = "first-found" | "fewest-jobs";

/** Chooses among Load Balancers in the order of their registration; undefined where there is none. */
export function chooseLoadBalancer(choice: LoadBalancerChoice, found: Iterable<LoadBalancer>): LoadBalancer | undefined {
  let best: LoadBalancer | undefined;
  for (const candidate of found) {
    if (choice === "first-found") return candidate;
    if (best === undefined || candidate.jobs.size < best.jobs.size) best = candidate;
  }
  return best;
}

/** Where a Compute Server is needed most: where the fewest slots serve a job. */
export function chooseForServer(found: Iterable<LoadBalancer>): LoadBalancer | undefined {
  let best: LoadBalancer | undefined;
  let bestSlots = Infinity;
  for (const candidate of found) {
    const slotsPerJob = candidate.jobs.size > 0 ? candidate.slots / candidate.jobs.size : Infinity;
    if (best !== undefined && slotsPerJob >= bestSlots) continue;
    best = candidate;
    bestSlots = slotsPerJob;
  }
  return best;
}
