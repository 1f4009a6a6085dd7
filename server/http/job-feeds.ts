import { GridError } from "../../protocol/grid-error.ts";
import type { JobId } from "../../protocol/ids.ts";
import type { EventViewer } from "./event-viewer.ts";
import { JobFeed, type FeedSources } from "./job-feed.ts";

const MAX_VIEWERS = 2_000;
/** A feed outlives its last viewer this long, so that a broken connection can go on where it was. */
const LINGER_MS = 60_000;
const MAX_LINGERING = 200;
/** Keeps proxies from closing a quiet stream, and finds readers that stopped reading. */
const HEARTBEAT_MS = 15_000;

/** The feeds of all jobs that somebody watches. */
export class JobFeeds {
  readonly #sources: FeedSources;
  readonly #feeds = new Map<JobId, JobFeed>();
  /** Feeds without a viewer, oldest first. */
  readonly #lingering = new Map<JobId, NodeJS.Timeout>();
  readonly #heartbeat: NodeJS.Timeout;
  /** What each reader had taken at the last heartbeat. */
  readonly #taken = new WeakMap<EventViewer, number>();
  #viewers = 0;

  constructor(sources: FeedSources) {
    this.#sources = sources;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /** Throws GridError "unavailable" while too many watch. */
  async watch(jobId: JobId, viewer: EventViewer, lastEventId: string | undefined): Promise<void> {
    if (this.#viewers >= MAX_VIEWERS) throw new GridError("unavailable", `Cannot open another stream of events: ${MAX_VIEWERS} are open. Ask for the job itself instead.`);
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

  close(): void {
    clearInterval(this.#heartbeat);
    for (const jobId of [...this.#feeds.keys()]) this.#end(jobId);
  }

  #linger(jobId: JobId): void {
    if (!this.#feeds.has(jobId)) return;
    clearTimeout(this.#lingering.get(jobId));
    this.#lingering.delete(jobId);
    this.#lingering.set(jobId, setTimeout(() => this.#end(jobId), LINGER_MS).unref());
    const oldest = this.#lingering.keys().next();
    if (this.#lingering.size > MAX_LINGERING && oldest.done !== true) this.#end(oldest.value);
  }

  #end(jobId: JobId): void {
    clearTimeout(this.#lingering.get(jobId));
    this.#lingering.delete(jobId);
    this.#feeds.get(jobId)?.close();
    this.#feeds.delete(jobId);
  }

  #beat(): void {
    for (const feed of this.#feeds.values()) {
      for (const viewer of feed.viewers) {
        if (viewer.heldBackBytes > 0 && this.#taken.get(viewer) === viewer.takenBytes) viewer.destroy();
        else viewer.heartbeat();
        this.#taken.set(viewer, viewer.takenBytes);
      }
    }
  }
}
