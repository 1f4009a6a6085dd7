import type { ComputeServerId, LoadBalancerId } from "../protocol/ids.ts";
import { ComputeServer } from "./compute-server.ts";
import { grantLease, renewLease } from "./lease.ts";
import { LeaseExpiries } from "./lease-expiries.ts";
import { LoadBalancer } from "./load-balancer.ts";
import type { AssignmentContext } from "./assignment-context.ts";

/** The registry of Load Balancers and Compute Servers, each under a lease. Whose lease is over is found no more (R4). */
export class LookupService {
  readonly #context: AssignmentContext;
  readonly #servers = new Map<ComputeServerId, ComputeServer>();
  readonly #loadBalancers = new Map<LoadBalancerId, LoadBalancer>();
  readonly #serverExpiries = new LeaseExpiries<ComputeServer>();
  readonly #loadBalancerExpiries = new LeaseExpiries<LoadBalancer>();
  #registrations = 0;

  constructor(context: AssignmentContext) {
    this.#context = context;
  }

  /** In the order of registration. */
  get loadBalancers(): ReadonlyMap<LoadBalancerId, LoadBalancer> {
    return this.#loadBalancers;
  }

  /** In the order of registration. */
  get servers(): ReadonlyMap<ComputeServerId, ComputeServer> {
    return this.#servers;
  }

  /** Registers a Compute Server, or grants a new lease to one that is registered. */
  registerServer(computeServerId: ComputeServerId, leaseMs: number, nowMs: number): ComputeServer {
    const lease = grantLease(leaseMs, this.#context.settings.maxLeaseMs, nowMs);
    let server = this.#servers.get(computeServerId);
    if (server === undefined) {
      server = new ComputeServer(computeServerId, this.#registrations++, lease, nowMs);
      this.#servers.set(computeServerId, server);
    }
    server.lease = lease;
    this.#serverExpiries.watch(server);
    return server;
  }

  /** Registers a Load Balancer, or grants a new lease to one that is registered. */
  registerLoadBalancer(loadBalancerId: LoadBalancerId, address: string, leaseMs: number, nowMs: number): LoadBalancer {
    const lease = grantLease(leaseMs, this.#context.settings.maxLoadBalancerLeaseMs, nowMs);
    let loadBalancer = this.#loadBalancers.get(loadBalancerId);
    if (loadBalancer === undefined) {
      loadBalancer = new LoadBalancer(loadBalancerId, lease, this.#context);
      this.#loadBalancers.set(loadBalancerId, loadBalancer);
    }
    loadBalancer.address = address;
    loadBalancer.lease = lease;
    this.#loadBalancerExpiries.watch(loadBalancer);
    return loadBalancer;
  }

  /** Any sign of life renews. Answers the Compute Server where it is registered. */
  renewServer(computeServerId: ComputeServerId, nowMs: number): ComputeServer | undefined {
    const server = this.#servers.get(computeServerId);
    if (server !== undefined) renewLease(server.lease, nowMs);
    return server;
  }

  renewLoadBalancer(loadBalancerId: LoadBalancerId, nowMs: number): void {
    const loadBalancer = this.#loadBalancers.get(loadBalancerId);
    if (loadBalancer !== undefined) renewLease(loadBalancer.lease, nowMs);
  }

  removeServer(server: ComputeServer): void {
    this.#servers.delete(server.computeServerId);
    this.#serverExpiries.forget(server);
  }

  removeLoadBalancer(loadBalancer: LoadBalancer): void {
    this.#loadBalancers.delete(loadBalancer.loadBalancerId);
    this.#loadBalancerExpiries.forget(loadBalancer);
  }

  /** Takes those out whose lease is over. */
  expire(nowMs: number): { servers: readonly ComputeServer[]; loadBalancers: readonly LoadBalancer[] } {
    const servers = this.#serverExpiries.takeExpired(nowMs);
    for (const server of servers) this.#servers.delete(server.computeServerId);
    const loadBalancers = this.#loadBalancerExpiries.takeExpired(nowMs);
    for (const loadBalancer of loadBalancers) this.#loadBalancers.delete(loadBalancer.loadBalancerId);
    return { servers, loadBalancers };
  }

  /** When the next lease ends, if it is not renewed; Infinity where none does. */
  nextExpiryMs(): number {
    return Math.min(this.#serverExpiries.nextMs(), this.#loadBalancerExpiries.nextMs());
  }
}
