import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { JobId } from "../../protocol/ids.ts";
import { assert } from "../assert.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { Grid, JobChange } from "../grid/grid.ts";
import { PICTURE_LIMITS } from "../limits.ts";
import { ChartRenderer } from "./chart-renderer.ts";
import { beginDrawing, PICTURE_FORMATS, pictureKindOf, type PictureKind } from "./drawing.ts";
import { KeptPictures } from "./kept-pictures.ts";
import { LivePicture } from "./live-picture.ts";
import { Turns } from "./turns.ts";

export interface Picture {
  readonly contentType: "image/png" | "image/svg+xml";
  readonly bytes: Uint8Array;
  /** Changes when the bytes do; printable ASCII, fit for an ETag. */
  readonly version: string;
}

export interface Pictures {
  /**
   * The picture of a job as its results stand, at most about a second old; undefined where there is no such job or its
   * view has no picture. Throws GridError "invalid-request" where it cannot be drawn, "unavailable" when too many wait.
   */
  picture(jobId: JobId): Promise<Picture | undefined>;
  /** Waits for what is being drawn. */
  close(): Promise<void>;
}

/** A picture is not encoded again before this has passed, or twice the time that it took: a huge one takes its time. */
const MIN_AGE_MS = 1_000;
/** A chart that could not be drawn is not tried again before this has passed. */
const FAILURE_AGE_MS = 30_000;

interface Latest {
  readonly answer: Picture | GridError;
  /** On the clock of performance.now(). */
  readonly notBeforeMs: number;
}

interface Live {
  readonly live: LivePicture;
  latest: Latest | undefined;
  busy: Promise<Picture> | undefined;
}

interface Surroundings {
  readonly archive: ResultsArchive;
  readonly onChange: Grid["onChange"];
  readonly dataDir: string;
  readonly logger: Logger;
}

/** Draws the views of jobs: of running ones when somebody looks, of ended ones once and for all. */
export function createPictures(surroundings: Surroundings): Pictures {
  return new PictureStudio(surroundings);
}

class PictureStudio implements Pictures {
  readonly #archive: ResultsArchive;
  readonly #logger: Logger;
  readonly #kept: KeptPictures;
  readonly #charts = new ChartRenderer();
  /** A chart that takes its time keeps no image waiting. */
  readonly #turns = { image: new Turns("draw this picture", PICTURE_LIMITS.waiting), chart: new Turns("draw this chart", PICTURE_LIMITS.waiting) };
  /** Least recently used first. */
  readonly #lives = new Map<JobId, Live>();
  /** Last pictures being drawn, by job and end: a job that is retried ends again. */
  readonly #finishing = new Map<string, Promise<Picture>>();
  readonly #failures = new Map<JobId, { readonly endedAtMs: number; readonly error: GridError }>();
  readonly #unsubscribe: () => void;
  readonly #swept: Promise<void>;
  #closed = false;

  constructor({ archive, onChange, dataDir, logger }: Surroundings) {
    this.#archive = archive;
    this.#logger = logger;
    this.#kept = new KeptPictures(dataDir);
    this.#unsubscribe = onChange("all", (jobId, change) => this.#changed(jobId, change));
    this.#swept = this.#sweep().catch((err: unknown) => logger.warn({ err }, "Cannot look for pictures of removed jobs"));
  }

  async picture(jobId: JobId): Promise<Picture | undefined> {
    const job = await this.#archive.job(jobId);
    const kind = job === undefined ? undefined : pictureKindOf(job);
    if (job === undefined || kind === undefined) return undefined;
    const picture = await (job.endedAtMs !== null && ENDED_STATES.includes(job.state) ? this.#ended(job, kind, job.endedAtMs) : this.#growing(job, kind));
    // Removed while it was drawn: it may lack what was gone before it was read.
    if (await this.#archive.job(jobId) !== undefined) return picture;
    await this.#forget(jobId);
    return undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    await this.#swept;
    const quiet = Promise.all([this.#turns.image.close(), this.#turns.chart.close()]);
    this.#charts.close();
    await quiet;
    await Promise.allSettled(this.#finishing.values());
    this.#lives.clear();
  }

  #changed(jobId: JobId, change: JobChange): void {
    if (change.type === "removed") this.#forget(jobId).catch((err: unknown) => this.#logger.warn({ jobId, err }, "The picture of a removed job is still there; it goes at the next start"));
    if (change.type === "results") this.#lives.get(jobId)?.live.committed(change.ranges);
    if (change.type === "state") this.#finish(jobId).catch((err: unknown) => this.#logger.info({ jobId, err }, "The last picture of a job was not drawn; it is tried again when somebody looks"));
  }

  /** Of a removed job nothing stays. */
  async #forget(jobId: JobId): Promise<void> {
    this.#lives.get(jobId)?.live.forget();
    this.#lives.delete(jobId);
    this.#failures.delete(jobId);
    await this.#kept.remove(jobId);
  }

  /** Removes what a crash left of removed jobs. */
  async #sweep(): Promise<void> {
    for (const jobId of await this.#kept.jobs()) {
      if (this.#closed) return;
      if (await this.#archive.job(jobId) === undefined) await this.#kept.remove(jobId);
    }
  }

  /** A job whose state changed may have ended: draws its last picture. */
  async #finish(jobId: JobId): Promise<void> {
    const job = await this.#archive.job(jobId);
    if (job !== undefined && ENDED_STATES.includes(job.state)) await this.picture(jobId);
  }

  async #ended(job: StoredJob, kind: PictureKind, endedAtMs: number): Promise<Picture> {
    const { contentType, extension } = PICTURE_FORMATS[kind];
    const bytes = await this.#kept.read(job.jobId, extension, endedAtMs);
    if (bytes !== undefined) return { contentType, bytes, version: String(endedAtMs) };
    const failure = this.#failures.get(job.jobId);
    if (failure?.endedAtMs === endedAtMs) throw failure.error;
    const end = `${job.jobId}/${endedAtMs}`;
    let finishing = this.#finishing.get(end);
    if (finishing === undefined) {
      finishing = this.#drawLast(job, kind, endedAtMs).finally(() => this.#finishing.delete(end));
      this.#finishing.set(end, finishing);
    }
    return finishing;
  }

  async #drawLast(job: StoredJob, kind: PictureKind, endedAtMs: number): Promise<Picture> {
    const { contentType, extension } = PICTURE_FORMATS[kind];
    const { live } = this.#liveOf(job);
    try {
      const bytes = await this.#turns[kind].run(() => live.render("final"));
      await this.#kept.write(job.jobId, extension, endedAtMs, bytes);
      if (live.skipped > 0) this.#logger.warn({ jobId: job.jobId, skipped: live.skipped }, "Outputs that are no tile of their job's picture were left out of it");
      return { contentType, bytes, version: String(endedAtMs) };
    } catch (error) {
      if (isLasting(error)) this.#rememberFailure(job.jobId, endedAtMs, error);
      throw error;
    } finally {
      this.#lives.delete(job.jobId);
    }
  }

  async #growing(job: StoredJob, kind: PictureKind): Promise<Picture> {
    const entry = this.#liveOf(job);
    if (entry.busy !== undefined) return entry.busy;
    const { latest } = entry;
    if (latest !== undefined && (entry.live.upToDate || performance.now() < latest.notBeforeMs)) {
      if (latest.answer instanceof GridError) throw latest.answer;
      return latest.answer;
    }
    entry.busy = this.#turns[kind].run(() => this.#drawGrowing(entry, kind)).finally(() => { entry.busy = undefined; });
    return entry.busy;
  }

  async #drawGrowing(entry: Live, kind: PictureKind): Promise<Picture> {
    const startedMs = performance.now();
    try {
      const bytes = await entry.live.render("growing");
      const endedMs = performance.now();
      const answer = { contentType: PICTURE_FORMATS[kind].contentType, bytes, version: `g${Date.now().toString(36)}` };
      entry.latest = { answer, notBeforeMs: endedMs + Math.max(MIN_AGE_MS, 2 * (endedMs - startedMs)) };
      return answer;
    } catch (error) {
      if (isLasting(error)) entry.latest = { answer: error, notBeforeMs: performance.now() + FAILURE_AGE_MS };
      throw error;
    } finally {
      this.#makeRoom(entry);
    }
  }

  /** The job's live picture, as the most recently used one. */
  #liveOf(job: StoredJob): Live {
    const begin = () => {
      const drawing = beginDrawing(job, this.#charts);
      assert(drawing !== undefined, "a picture was begun for a view that has none");
      return drawing;
    };
    const entry = this.#lives.get(job.jobId) ?? { live: new LivePicture(this.#archive, job, begin), latest: undefined, busy: undefined };
    this.#lives.delete(job.jobId);
    this.#lives.set(job.jobId, entry);
    return entry;
  }

  /** Drops the least recently used pictures but this one until what is left fits; they can be drawn anew. */
  #makeRoom(current: Live): void {
    let bytes = 0;
    for (const entry of this.#lives.values()) bytes += memoryOf(entry);
    for (const [jobId, entry] of this.#lives) {
      if (this.#lives.size <= PICTURE_LIMITS.kept && bytes <= PICTURE_LIMITS.keptBytes) return;
      if (entry === current) continue;
      bytes -= memoryOf(entry);
      entry.live.forget();
      entry.latest = undefined;
      if (entry.busy === undefined) this.#lives.delete(jobId);
    }
  }

  #rememberFailure(jobId: JobId, endedAtMs: number, error: GridError): void {
    this.#failures.delete(jobId);
    this.#failures.set(jobId, { endedAtMs, error });
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > PICTURE_LIMITS.knownFailures && oldest.done !== true) this.#failures.delete(oldest.value);
  }
}

function memoryOf({ live, latest }: Live): number {
  return live.bytes + (latest === undefined || latest.answer instanceof GridError ? 0 : latest.answer.bytes.byteLength);
}

/** Whether drawing again would fail again. */
function isLasting(error: unknown): error is GridError {
  return error instanceof GridError && error.kind === "invalid-request";
}
