import { GridError } from "../../protocol/grid-error.ts";
import { ENDED_STATES, type JobState } from "../../protocol/http/job.ts";
import type { ComputeServerId, JobId } from "../../protocol/ids.ts";
import type { JobSnapshot, LoadBalancerSnapshot, ServerSnapshot, TaskBucket } from "../../scheduler/snapshot.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { Grid, GridPulseNumbers, JobChange, JobListener } from "../grid/grid.ts";

/** A grid without Compute Servers: a test says what happens to its jobs, and when. */
export class TestGrid implements Grid {
  readonly submitted: StoredJob[] = [];
  readonly snapshots = new Map<JobId, JobSnapshot>();
  diagnostic: string | null = null;
  servers: readonly ServerSnapshot[] = [];
  balancers: readonly LoadBalancerSnapshot[] = [];
  readonly #archive: ResultsArchive;
  readonly #listeners = new Map<JobListener, JobId | "all">();

  constructor(archive: ResultsArchive) {
    this.#archive = archive;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  submit(job: StoredJob): string | null {
    this.submitted.push(job);
    return this.diagnostic;
  }

  cancel(jobId: JobId): Promise<void> {
    return this.setState(jobId, "cancelled");
  }

  pause(jobId: JobId): Promise<void> {
    return this.setState(jobId, "paused");
  }

  resume(jobId: JobId): Promise<void> {
    return this.setState(jobId, "running");
  }

  async retry(jobId: JobId): Promise<void> {
    await this.#archive.forgetFailures(jobId);
    await this.#archive.setJobState(jobId, "running", Date.now());
    this.tell(jobId, { type: "state" });
  }

  async remove(jobId: JobId): Promise<void> {
    if (!await this.#archive.removeJob(jobId)) throw new GridError("not-found", `Cannot remove the job ${jobId}: there is none`);
    this.tell(jobId, { type: "removed" });
  }

  job(jobId: JobId): JobSnapshot | undefined {
    return this.snapshots.get(jobId);
  }

  taskMap(jobId: JobId, buckets: number): readonly TaskBucket[] | undefined {
    const snapshot = this.snapshots.get(jobId);
    return snapshot && [{ from: 0, to: buckets, done: snapshot.done, failed: snapshot.failed, running: snapshot.running }];
  }

  computeServer(computeServerId: ComputeServerId): ServerSnapshot | undefined {
    return this.servers.find((server) => server.computeServerId === computeServerId);
  }

  computeServers(): readonly ServerSnapshot[] {
    return this.servers;
  }

  loadBalancers(): readonly LoadBalancerSnapshot[] {
    return this.balancers;
  }

  pulse(): GridPulseNumbers {
    return { computeServers: 2, slots: 8, runningJobs: 1, tasksPerSecond: 12.5, tasksDone: 99 };
  }

  onChange(jobId: JobId | "all", listener: JobListener): () => void {
    this.#listeners.set(listener, jobId);
    return () => this.#listeners.delete(listener);
  }

  tell(jobId: JobId, change: JobChange): void {
    for (const [listener, wanted] of this.#listeners) if (wanted === "all" || wanted === jobId) listener(jobId, change);
  }

  async setState(jobId: JobId, state: JobState): Promise<void> {
    const job = await this.#archive.job(jobId);
    if (job !== undefined && ENDED_STATES.includes(job.state)) throw new GridError("conflict", `Cannot change the job ${jobId}: it has ended`);
    await this.#archive.setJobState(jobId, state, Date.now());
    this.tell(jobId, { type: "state" });
  }
}
