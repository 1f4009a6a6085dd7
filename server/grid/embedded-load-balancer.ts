import { loadBalancerIdSchema, type LoadBalancerId } from "../../protocol/ids.ts";
import type { SchedulerEvent } from "../../scheduler/event.ts";

/** Longer than this process ever stands still for a moment: with the lease all running batches are lost. */
const LEASE_MS = 60_000;
const RENEWALS_A_LEASE = 6;

/** The Load Balancer that lives in the hub's own process. It registers under a lease like any other, and renews it. */
export class EmbeddedLoadBalancer {
  readonly loadBalancerId: LoadBalancerId = loadBalancerIdSchema.parse("embedded");
  readonly #dispatch: (event: SchedulerEvent) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(dispatch: (event: SchedulerEvent) => void) {
    this.#dispatch = dispatch;
  }

  /** Registers, also anew after its lease was lost. */
  start(address: string): void {
    this.stop();
    const { loadBalancerId } = this;
    this.#dispatch({ type: "load-balancer-registered", loadBalancerId, address, leaseMs: LEASE_MS });
    this.#timer = setInterval(() => this.#dispatch({ type: "load-balancer-renewed", loadBalancerId }), LEASE_MS / RENEWALS_A_LEASE);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
