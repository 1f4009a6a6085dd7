import type { JobId } from "../../protocol/ids.ts";
import { LimitError } from "../limit-error.ts";
import { STREAM_LIMITS } from "../limits.ts";
import type { EventViewer } from "./event-viewer.ts";
import { JobFeed, type FeedSources } from "./job-feed.ts";

/** Keeps proxies from closing a quiet stream, and finds readers that stopped reading. */
const HEARTBEAT_MS = 15_000;

const RETRY_SECONDS = 10;

/** The feeds of all jobs that somebody watches. */
export class JobFeeds {
  readonly #sources: FeedSources;
  readonly #feeds = new Map<JobId, JobFeed>();
  /** Feeds without a viewer, oldest first. */
  readonly #lingering = new Map<JobId, NodeJS.Timeout>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  /** What each reader had taken at the last heartbeat. */
  readonly #taken = new WeakMap<EventViewer, number>();
  #viewers = 0;

  constructor(sources: FeedSources) {
    this.#sources = sources;
    this.#unsubscribe = sources.grid.onChange("all", (jobId, change) => {
      if (change.type === "removed") this.#end(jobId);
    });
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /** Throws GridError "unavailable" while too many watch. */
  async watch(jobId: JobId, viewer: EventViewer, lastEventId: string | undefined): Promise<void> {
    if (this.#viewers >= STREAM_LIMITS.streams) throw new LimitError("unavailable", "streams", `Cannot open another stream of events: ${STREAM_LIMITS.streams} are open. Ask for the job itself instead.`, RETRY_SECONDS);
    if (viewer.closed.aborted) return;
    this.#viewers += 1;
    const feed = this.#feeds.get(jobId) ?? new JobFeed(jobId, this.#sources);
    this.#feeds.set(jobId, feed);
    clearTimeout(this.#lingering.get(jobId));
    this.#lingering.delete(jobId);
    viewer.closed.addEventListener("abort", () => {
      this.#viewers -= 1;
      if (![...feed.viewers].some((other) => other !== viewer)) this.#linger(jobId);
    });
    await feed.watch(viewer, lastEventId);
  }

  recheckAll(): void {
    for (const jobId of this.#feeds.keys()) {
      this.recheck(jobId).catch((error: unknown) => this.#sources.logger.error({ error, jobId }, "Cannot tell who may still watch a job"));
    }
  }

  /** Ends the streams of those who may not see the job any more. */
  async recheck(jobId: JobId): Promise<void> {
    const viewers = [...this.#feeds.get(jobId)?.viewers ?? []];
    await Promise.all(viewers.map(async (viewer) => {
      if (!(await viewer.mayStay())) viewer.destroy();
    }));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const jobId of [...this.#feeds.keys()]) this.#end(jobId);
  }

  #linger(jobId: JobId): void {
    if (!this.#feeds.has(jobId)) return;
    clearTimeout(this.#lingering.get(jobId));
    this.#lingering.delete(jobId);
    this.#lingering.set(jobId, setTimeout(() => this.#end(jobId), STREAM_LIMITS.keptWithoutReadersMs).unref());
    const oldest = this.#lingering.keys().next();
    if (this.#lingering.size > STREAM_LIMITS.jobsKeptWithoutReaders && oldest.done !== true) this.#end(oldest.value);
  }

  #end(jobId: JobId): void {
    clearTimeout(this.#lingering.get(jobId));
    this.#lingering.delete(jobId);
    this.#feeds.get(jobId)?.close();
    this.#feeds.delete(jobId);
  }

  #beat(): void {
    this.recheckAll();
    for (const feed of this.#feeds.values()) {
      for (const viewer of feed.viewers) {
        if (viewer.heldBackBytes > 0 && this.#taken.get(viewer) === viewer.takenBytes) viewer.destroy();
        else viewer.heartbeat();
        this.#taken.set(viewer, viewer.takenBytes);
      }
    }
  }
}
