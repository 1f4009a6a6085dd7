import type { JobId } from "../protocol/ids.ts";
import type { Command } from "./command.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";
import { chooseForServer, chooseLoadBalancer, type LoadBalancerChoice } from "./load-balancer-choice.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { LookupService } from "./lookup-service.ts";

/**
 * The entry point of jobs: gives each to a Load Balancer that the Lookup Service knows. A job waits while there is none,
 * and one is asked to be started, once.
 */
export class ExecutionManager {
  readonly #lookup: LookupService;
  readonly #choice: LoadBalancerChoice;
  readonly #jobs = new Map<JobId, JobRun>();
  readonly #waitingJobs = new Set<JobRun>();
  readonly #waitingServers = new Set<ComputeServer>();
  #startAsked = false;

  constructor(lookup: LookupService, choice: LoadBalancerChoice) {
    this.#lookup = lookup;
    this.#choice = choice;
  }

  /** All jobs that have not ended. */
  get jobs(): ReadonlyMap<JobId, JobRun> {
    return this.#jobs;
  }

  take(job: JobRun): void {
    this.#jobs.set(job.spec.jobId, job);
    this.#waitingJobs.add(job);
  }

  takeServer(server: ComputeServer): void {
    if (server.loadBalancer === null) this.#waitingServers.add(server);
  }

  /** A Compute Server is gone; what it held waits again. */
  dropServer(server: ComputeServer, reason: string, nowMs: number, out: Command[]): void {
    server.loadBalancer?.removeServer(server, reason, nowMs, out);
    this.#waitingServers.delete(server);
  }

  /** Ends a job: it is forgotten here, the archive has it. */
  drop(job: JobRun, reason: string, nowMs: number, out: Command[]): void {
    job.loadBalancer?.removeJob(job, reason, nowMs, out);
    this.#waitingJobs.delete(job);
    this.#jobs.delete(job.spec.jobId);
  }

  /** A Load Balancer is there (again): if all go, the next will be asked for. */
  loadBalancerRegistered(): void {
    this.#startAsked = false;
  }

  /** A Load Balancer is gone: what it had waits for another. */
  abandon(loadBalancer: LoadBalancer, nowMs: number, out: Command[]): void {
    const reason = "the lease of its Load Balancer is over";
    for (const job of [...loadBalancer.jobs]) {
      loadBalancer.removeJob(job, reason, nowMs, out);
      this.#waitingJobs.add(job);
    }
    for (const server of [...loadBalancer.servers.values()]) {
      loadBalancer.removeServer(server, reason, nowMs, out);
      this.#waitingServers.add(server);
    }
  }

  /** Gives jobs and Compute Servers that have none a Load Balancer, and sees that none with jobs lacks Compute Servers. */
  connect(draining: boolean, nowMs: number, out: Command[]): void {
    const found = this.#lookup.loadBalancers;
    if (found.size === 0) {
      if (this.#waitingJobs.size === 0 || this.#startAsked || draining) return;
      this.#startAsked = true;
      out.push({ type: "start-load-balancer" });
      return;
    }
    for (const job of this.#waitingJobs) chooseLoadBalancer(this.#choice, found.values())?.addJob(job);
    this.#waitingJobs.clear();
    for (const server of this.#waitingServers) chooseForServer(found.values())?.addServer(server);
    this.#waitingServers.clear();
    if (found.size > 1) this.#lendServers(nowMs, out);
  }

  /** Moves one Compute Server to each Load Balancer with jobs and none, from the one that has the most slots a job. */
  #lendServers(nowMs: number, out: Command[]): void {
    for (const needy of this.#lookup.loadBalancers.values()) {
      if (needy.jobs.size === 0 || needy.usableCount > 0) continue;
      let donor: LoadBalancer | undefined;
      for (const candidate of this.#lookup.loadBalancers.values()) {
        const canGive = candidate.usableCount > (candidate.jobs.size > 0 ? 1 : 0);
        if (canGive && (donor === undefined || candidate.slots * (donor.jobs.size + 1) > donor.slots * (candidate.jobs.size + 1))) donor = candidate;
      }
      const server = donor === undefined ? undefined : leastBusy(donor);
      if (donor === undefined || server === undefined) continue;
      donor.removeServer(server, "it is needed by another Load Balancer", nowMs, out);
      needy.addServer(server);
    }
  }
}

function leastBusy(loadBalancer: LoadBalancer): ComputeServer | undefined {
  return [...loadBalancer.servers.values()].filter(({ usable }) => usable).toSorted((a, b) => a.load - b.load || a.order - b.order)[0];
}
