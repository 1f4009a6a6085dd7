import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino, { type Logger } from "pino";
import { FIRST_ANSWER } from "../../protocol/http/verification.ts";
import { executableIdSchema, jobIdSchema, ownerSchema } from "../../protocol/ids.ts";
import { JOB_LIMITS } from "../limits.ts";
import { Scheduler } from "../../scheduler/scheduler.ts";
import { AddressGuard } from "../address-guard.ts";
import type { NewJob, ResultsArchive, StoredJob, ValueChunk } from "../archive/archive.ts";
import { openSqliteArchive } from "../archive/sqlite/sqlite-archive.ts";
import { assert } from "../assert.ts";
import { volunteerOf } from "../accounts/volunteers.ts";
import { AssignedFiles } from "../compute-link/assigned-files.ts";
import { ComputeEndpoint } from "../compute-link/compute-endpoint.ts";
import { ComputeLinks } from "../compute-link/compute-links.ts";
import { NO_PROXIES } from "../http/client-address.ts";
import type { SetLimits } from "../limits.ts";
import { createMetrics } from "../metrics.ts";
import { EmbeddedLoadBalancer } from "./embedded-load-balancer.ts";
import { RunningGrid } from "./running-grid.ts";

const OWNER = ownerSchema.parse("ada");
const SOURCE = new TextEncoder().encode("export default (n) => n;");
const EXECUTABLE_ID = executableIdSchema.parse(createHash("sha256").update(SOURCE).digest("hex"));

export interface TestGridOptions {
  /** The data of an earlier one. */
  readonly dataDir?: string;
  readonly maxLeaseMs?: number;
  readonly loadBalancer?: boolean;
  readonly logger?: Logger;
  /** Stands between the grid and the real archive. */
  readonly limits?: SetLimits;
  readonly through?: (archive: ResultsArchive) => ResultsArchive;
}

/** A hub without its HTTP side: the real grid, archive, Load Balancer and Compute Servers' endpoint, on a real port. */
export class TestRunningGrid {
  readonly grid: RunningGrid;
  readonly endpoint: ComputeEndpoint;
  readonly links = new ComputeLinks();
  readonly metrics = createMetrics();
  readonly archive: ResultsArchive;
  readonly dataDir: string;
  /** What a hub would have stopped of. */
  readonly fatal: unknown[] = [];
  readonly #server: Server;
  readonly #loadBalancer: EmbeddedLoadBalancer;

  private constructor(archive: ResultsArchive, dataDir: string, options: TestGridOptions) {
    const logger = options.logger ?? pino({ level: "silent" });
    const { links, metrics } = this;
    const seen = options.through?.(archive) ?? archive;
    this.archive = archive;
    this.dataDir = dataDir;
    const assignedFiles = new AssignedFiles();
    this.grid = new RunningGrid({
      scheduler: new Scheduler({ maxLeaseMs: options.maxLeaseMs ?? Infinity }), archive: seen, links, assignedFiles, allowedPerTask: JOB_LIMITS, metrics, logger,
      onLoadBalancerMissing: () => undefined,
      onLoadBalancerExpired: () => this.#loadBalancer.start("here"),
      onLeaseGranted: (command) => this.endpoint.granted(command, this.#loadBalancer.loadBalancerId),
      onLeaseExpired: (computeServerId) => this.endpoint.expired(computeServerId),
      onFatal: (error) => this.fatal.push(error),
    });
    this.endpoint = new ComputeEndpoint({
      archive: seen, grid: this.grid, links, metrics, logger, isAllowedOrigin: () => true,
      guard: new AddressGuard(options.limits ?? {}, (limit) => metrics.refusals.inc({ limit })), trustProxy: NO_PROXIES,
      assignedFiles, volunteer: () => Promise.resolve(volunteerOf({ kind: "local" })), work: { registered: () => undefined, leaving: () => undefined },
    });
    this.#loadBalancer = new EmbeddedLoadBalancer((event) => this.grid.dispatch(event));
    if (options.loadBalancer ?? true) this.#loadBalancer.start("here");
    this.#server = createServer();
    this.#server.on("upgrade", (request, socket, head) => this.endpoint.upgrade(request, socket, head));
  }

  static async start(options: TestGridOptions = {}): Promise<TestRunningGrid> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "manyhands-grid-")));
    const test = new TestRunningGrid(await openSqliteArchive({ dataDir }), dataDir, options);
    await test.grid.restore();
    test.#server.listen(0, "127.0.0.1");
    await once(test.#server, "listening");
    return test;
  }

  get port(): number {
    return portOf(this.#server.address());
  }

  /** Stores a job, of the numbers from 0 on or of these inputs, and hands it to the grid. */
  async submit(name: string, tasks: number, changes: Partial<NewJob> = {}, inputs: readonly ValueChunk[] = []): Promise<StoredJob> {
    await this.archive.saveExecutable(EXECUTABLE_ID, OWNER, SOURCE, 1_000);
    const job: NewJob = {
      jobId: jobIdSchema.parse(`job-named-${name}`), name, owner: OWNER, executableId: EXECUTABLE_ID, tasks,
      inputs: inputs.length > 0 ? { kind: "values" } : { kind: "range", start: 0, step: 1 }, argsJson: null, view: null, priority: 0, maxAttempts: 3,
      taskTimeoutMs: 60_000, policy: null, requires: null, verification: FIRST_ANSWER, tags: [], public: true, shareKey: null, notifyEmail: null, createdAtMs: 1_000, ...changes,
    };
    await this.archive.createJob(job, inputs);
    const stored = await this.stored(job);
    this.grid.submit(stored);
    return stored;
  }

  /** The job as the archive has it now. */
  async stored({ jobId }: Pick<NewJob, "jobId">): Promise<StoredJob> {
    const stored = await this.archive.job(jobId);
    assert(stored !== undefined, `the archive has no job ${jobId}`);
    return stored;
  }

  /** Stops as a hub does, its data stay. Answers how to start on them. */
  async stop(): Promise<{ readonly dataDir: string }> {
    this.endpoint.closeAll();
    this.#loadBalancer.stop();
    this.#server.close();
    await this.grid.close();
    await this.archive.close();
    return { dataDir: this.dataDir };
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true });
  }
}

function portOf(address: AddressInfo | string | null): number {
  assert(address !== null && typeof address === "object", "the test's hub does not listen");
  return address.port;
}
