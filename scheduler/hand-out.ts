import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";
import type { PlacementPolicy, PlacementRound } from "./placement/placement.ts";

/** What handing out asks of its Load Balancer. */
export interface HandOutParts {
  /** The job whose turn it is, of those that `may` lets pass. */
  readonly choose: (may: (job: JobRun) => boolean) => JobRun | undefined;
  readonly policyOf: (job: JobRun) => PlacementPolicy;
  /** Whether the job has a batch for it. While work is handed out, what was refused once stays refused. */
  readonly accepts: (job: JobRun, server: ComputeServer) => boolean;
  readonly assign: (job: JobRun, server: ComputeServer) => void;
}

/** The Compute Server that a job's policy named, and what it held then. */
interface Pick {
  readonly server: ComputeServer;
  readonly held: number;
}

/**
 * Hands batches out, one at a time, while tasks wait and candidates want some: fair share names the job, the job's own
 * policy the Compute Server. A candidate list is looked through once a job, everything else costs a step in a heap.
 */
export function handOut(
  candidates: readonly ComputeServer[], wants: (server: ComputeServer) => boolean, parts: HandOutParts,
): void {
  const wanting = candidates.filter(wants);
  const [first, ...others] = wanting;
  if (first === undefined) return;
  if (others.length === 0) return handOutTo(first, wants, parts);
  const rounds = new Rounds(wanting, wants, parts);
  for (;;) {
    const job = parts.choose((candidate) => rounds.next(candidate) !== undefined);
    const server = job === undefined ? undefined : rounds.take(job);
    if (job === undefined || server === undefined) return;
    parts.assign(job, server);
    rounds.putBack(job, server);
  }
}

/** Of one Compute Server there is nothing to choose: the usual case, for it has just reported. */
function handOutTo(server: ComputeServer, wants: (server: ComputeServer) => boolean, { choose, accepts, assign }: HandOutParts): void {
  while (wants(server)) {
    const job = choose((candidate) => accepts(candidate, server));
    if (job === undefined) return;
    assign(job, server);
  }
}

/** Where each job's next batch would go. */
class Rounds {
  readonly #wanting: readonly ComputeServer[];
  readonly #wants: (server: ComputeServer) => boolean;
  readonly #parts: HandOutParts;
  readonly #rounds = new Map<JobRun, PlacementRound<ComputeServer>>();
  readonly #picks = new Map<JobRun, Pick>();

  constructor(wanting: readonly ComputeServer[], wants: (server: ComputeServer) => boolean, parts: HandOutParts) {
    this.#wanting = wanting;
    this.#wants = wants;
    this.#parts = parts;
  }

  /** Undefined: there is none for it any more. */
  next(job: JobRun): ComputeServer | undefined {
    const round = this.#round(job);
    const pick = this.#picks.get(job);
    if (pick !== undefined) {
      if (pick.server.batches.size === pick.held) return pick.server;
      // Another job was faster: it may still be the best, or be full.
      this.#picks.delete(job);
      round.putBack(pick.server);
    }
    for (let server = round.take(); server !== undefined; server = round.take()) {
      if (!this.#fits(job, server)) continue;
      this.#picks.set(job, { server, held: server.batches.size });
      return server;
    }
    return undefined;
  }

  take(job: JobRun): ComputeServer | undefined {
    const server = this.next(job);
    this.#picks.delete(job);
    return server;
  }

  putBack(job: JobRun, server: ComputeServer): void {
    if (this.#fits(job, server)) this.#round(job).putBack(server);
  }

  #round(job: JobRun): PlacementRound<ComputeServer> {
    let round = this.#rounds.get(job);
    if (round === undefined) {
      round = this.#parts.policyOf(job).begin(this.#wanting.filter((server) => this.#fits(job, server)));
      this.#rounds.set(job, round);
    }
    return round;
  }

  #fits(job: JobRun, server: ComputeServer): boolean {
    return this.#wants(server) && this.#parts.accepts(job, server);
  }
}
