import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { JobId } from "../../protocol/ids.ts";
import type { IndexRanges } from "../../protocol/index-range.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import type { Grid, JobChange } from "../grid/grid.ts";
import { STREAM_LIMITS } from "../limits.ts";
import { EventRing, eventText } from "./event-ring.ts";
import type { EventViewer } from "./event-viewer.ts";
import type { HttpOptions } from "./http-options.ts";
import { findJob, jobParts, jobView, type JobParts, type JobLook } from "./job-view.ts";
import { PendingChanges } from "./pending-changes.ts";

/** Viewers are told of changes at most this often, and so is the job read anew for them; only a change of state comes at once. */
const TELL_EVERY_MS = 250;
/** Rate, time left and what runs change without an event of their own. */
const REFRESH_MS = 1_000;

export interface FeedSources {
  readonly archive: ResultsArchive;
  readonly grid: Grid;
  readonly logger: Logger;
  readonly options: Pick<HttpOptions, "mail" | "keepDays">;
}

/** The events of one job, for all who watch it. */
export class JobFeed {
  readonly #jobId: JobId;
  readonly #sources: FeedSources;
  readonly #viewers = new Set<EventViewer>();
  readonly #ring = new EventRing(randomBytes(6).toString("hex"), STREAM_LIMITS.keptEvents, STREAM_LIMITS.keptChars);
  readonly #pending = new PendingChanges();
  readonly #unsubscribe: () => void;
  readonly #refresh: NodeJS.Timeout;
  #stale = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;
  #telling = false;
  /** Something asked to be told while viewers were being told. */
  #again = false;
  #toldAtMs = -Infinity;
  #changesToldAtMs = -Infinity;

  constructor(jobId: JobId, sources: FeedSources) {
    this.#jobId = jobId;
    this.#sources = sources;
    this.#unsubscribe = sources.grid.onChange(jobId, (_jobId, change) => this.#changed(change));
    this.#refresh = setInterval(() => this.#refreshJob(), REFRESH_MS).unref();
  }

  get viewers(): ReadonlySet<EventViewer> {
    return this.#viewers;
  }

  /** Brings a viewer up to date, from its last event on where that is still known, and keeps it so until it closes. */
  async watch(viewer: EventViewer, lastEventId: string | undefined): Promise<void> {
    this.#viewers.add(viewer);
    viewer.closed.addEventListener("abort", () => this.#viewers.delete(viewer));
    const missed = lastEventId === undefined ? undefined : this.#ring.since(lastEventId);
    if (missed === undefined) await this.#sendState(viewer);
    else {
      viewer.beginState();
      const parts = await this.#load();
      await viewer.writeStateJob(this.#ring.lastId, this.#json(parts, viewer.look));
      for (const text of missed) await viewer.writeState(text);
      if (await viewer.endState()) this.#markStale();
      else await this.#sendState(viewer);
    }
  }

  /** Sends the job and every range of results that can be read, as they are now. */
  async #sendState(viewer: EventViewer): Promise<void> {
    do {
      viewer.beginState();
      const id = this.#ring.lastId;
      const [parts, { done }] = await Promise.all([this.#load(), this.#sources.archive.taskEnds(this.#jobId)]);
      await viewer.writeStateJob(id, this.#json(parts, viewer.look));
      for (const ranges of pages(done)) await viewer.writeState(eventText(id, "results", { ranges }));
    } while (!(await viewer.endState()) && !viewer.closed.aborted);
    // What the job became while the state was on its way.
    this.#markStale();
  }

  close(): void {
    this.#unsubscribe();
    clearInterval(this.#refresh);
    clearTimeout(this.#timer);
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  #changed(change: JobChange): void {
    // Its streams are ended by who keeps the feeds.
    if (change.type === "removed") return;
    this.#pending.add(change);
    if (change.type !== "state") return this.#tellAt(this.#changesToldAtMs + TELL_EVERY_MS);
    this.#ended = false;
    this.#tell();
  }

  #refreshJob(): void {
    if (this.#viewers.size > 0 && !this.#ended) this.#markStale();
  }

  #markStale(): void {
    this.#stale = true;
    this.#tellAt(this.#toldAtMs + TELL_EVERY_MS);
  }

  /** Tells then, or earlier where that is due already. */
  #tellAt(atMs: number): void {
    if (atMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, atMs - performance.now()));
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timerAtMs = Infinity;
    // One at a time, so that an older reading never follows a newer one.
    this.#again = this.#telling;
    if (this.#telling) return;
    this.#telling = true;
    this.#toldAtMs = performance.now();
    this.#tellViewers()
      .catch((error: unknown) => this.#sources.logger.error({ error, jobId: this.#jobId }, "Cannot tell viewers of a job what happened"))
      .finally(() => {
        this.#telling = false;
        if (this.#again) this.#tell();
        else if (this.#stale) this.#markStale();
      });
  }

  async #tellViewers(): Promise<void> {
    const { ranges, logs, job } = this.#pending.take();
    if (job || logs.length > 0) this.#changesToldAtMs = this.#toldAtMs;
    for (const page of pages(ranges)) this.#sendAll(this.#ring.push("results", { ranges: page }));
    for (const log of logs) this.#sendAll(this.#ring.push("log", log));
    const wanted = job || this.#stale;
    this.#stale = false;
    if (!wanted || this.#viewers.size === 0) return;
    const parts = await this.#load();
    this.#ended = ENDED_STATES.includes(parts.stored.state);
    const jsonByLook = new Map<string, string>();
    for (const viewer of this.#viewers) {
      const look = JSON.stringify(viewer.look);
      const json = jsonByLook.get(look) ?? this.#json(parts, viewer.look);
      jsonByLook.set(look, json);
      if (viewer.sendJob(this.#ring.lastId, json)) this.#catchUp(viewer);
    }
  }

  #sendAll(text: string): void {
    for (const viewer of this.#viewers) if (viewer.send(text)) this.#catchUp(viewer);
  }

  /** A reader that fell behind gets the state, once it has taken what it was sent. */
  #catchUp(viewer: EventViewer): void {
    viewer.drained().then(() => this.#sendState(viewer)).catch((error: unknown) => {
      this.#sources.logger.error({ error, jobId: this.#jobId }, "Cannot send the state of a job to a viewer that fell behind");
      viewer.destroy();
    });
  }

  async #load(): Promise<JobParts> {
    const { archive, grid } = this.#sources;
    return await jobParts(archive, grid, await findJob(archive, this.#jobId));
  }

  #json(parts: JobParts, look: JobLook): string {
    return JSON.stringify({ job: jobView(parts, look, this.#sources.options) });
  }
}

function* pages(ranges: IndexRanges): Generator<IndexRanges> {
  for (let at = 0; at < ranges.length; at += LIMITS.rangesPerMessage) yield ranges.slice(at, at + LIMITS.rangesPerMessage);
}
