import type { Requirements } from "../protocol/http/job-options.ts";
import type { ComputeServerId } from "../protocol/ids.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";
import type { UsableServers } from "./retries.ts";

/** What a Compute Server declared of itself when it registered. */
export interface Offer {
  /** Engine and major version, for example "chromium-156". */
  readonly engine: string;
  readonly capabilities: ReadonlySet<string>;
  /** Null where its browser does not tell. */
  readonly memoryMiB: number | null;
}

/** What of the requirements is not offered, each in words that follow "lacks"; none where all is. */
export function lacking(requires: Requirements | undefined, offer: Offer): string[] {
  if (requires === undefined) return [];
  const { capabilities = [], engine, memoryMiB } = requires;
  const lacks: string[] = capabilities.filter((capability) => !offer.capabilities.has(capability));
  if (engine !== undefined && !isEngine(offer.engine, engine)) lacks.push(`${engine} (it is ${offer.engine === "" ? "unknown" : offer.engine})`);
  if (memoryMiB !== undefined && (offer.memoryMiB ?? 0) < memoryMiB) {
    lacks.push(`${memoryMiB} MiB of memory (${offer.memoryMiB === null ? "it does not tell how much it has" : `it has ${offer.memoryMiB}`})`);
  }
  return lacks;
}

/** "chromium" is any version of it, "chromium-120" that one or a newer. */
function isEngine(offered: string, required: string): boolean {
  const [name, version] = splitEngine(offered);
  const [requiredName, atLeast] = splitEngine(required);
  return name === requiredName && version >= atLeast;
}

/** "chromium-120" is "chromium". */
export function engineName(engine: string): string {
  return splitEngine(engine)[0];
}

function splitEngine(engine: string): [name: string, version: number] {
  const dash = engine.lastIndexOf("-");
  const version = dash < 0 ? Number.NaN : Number(engine.slice(dash + 1));
  return Number.isNaN(version) ? [engine, 0] : [engine.slice(0, dash), version];
}

/** Whether a job may run there at all. */
export function mayRunOn({ spec }: JobRun, { offer }: ComputeServer): boolean {
  return spec.requires === undefined || lacking(spec.requires, offer).length === 0;
}

/** The Compute Servers of a Load Balancer that a job may run on. They are counted anew when `changes` is another number. */
export class EligibleServers implements UsableServers {
  readonly #job: JobRun;
  readonly #servers: ReadonlyMap<ComputeServerId, ComputeServer>;
  readonly #changes: () => number;
  #countedAt = -1;
  #count = 0;
  #speed = 0;

  constructor(job: JobRun, servers: ReadonlyMap<ComputeServerId, ComputeServer>, changes: () => number) {
    this.#job = job;
    this.#servers = servers;
    this.#changes = changes;
  }

  get usableCount(): number {
    this.#recount();
    return this.#count;
  }

  /** Of all their slots, when they were counted. */
  get totalSpeed(): number {
    this.#recount();
    return this.#speed;
  }

  isUsable(computeServerId: ComputeServerId): boolean {
    const server = this.#servers.get(computeServerId);
    return server !== undefined && server.usable && mayRunOn(this.#job, server);
  }

  #recount(): void {
    const changes = this.#changes();
    if (changes === this.#countedAt) return;
    this.#countedAt = changes;
    this.#count = 0;
    this.#speed = 0;
    for (const server of this.#servers.values()) {
      if (!server.usable || !mayRunOn(this.#job, server)) continue;
      this.#count++;
      this.#speed += server.slots * server.speed;
    }
  }
}
