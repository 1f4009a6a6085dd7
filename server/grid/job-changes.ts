import type { JobId } from "../../protocol/ids.ts";
import type { JobChange, JobListener } from "./grid.ts";

/** Tells who watches a job, or all jobs, what changed. A listener that throws is the bug of its owner: it is reported, and the others are told all the same. */
export class JobChanges {
  readonly #listeners = new Map<JobId | "all", Set<JobListener>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  subscribe(jobId: JobId | "all", listener: JobListener): () => void {
    const listeners = this.#listeners.get(jobId) ?? new Set();
    this.#listeners.set(jobId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(jobId) === listeners) this.#listeners.delete(jobId);
    };
  }

  publish(jobId: JobId, change: JobChange): void {
    for (const key of [jobId, "all"] as const) {
      for (const listener of this.#listeners.get(key) ?? []) {
        try {
          listener(jobId, change);
        } catch (error) {
          this.#onError(error);
        }
      }
    }
  }
}
