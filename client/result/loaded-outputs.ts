import type { IndexRange } from "../../protocol/index-range.ts";
import type { ResultLine } from "../../protocol/http/result.ts";
import type { ResultsRange } from "../../sdk/hub-client.ts";
import { readLines, type Output } from "./output.ts";

/** Outputs that one step loads. */
const PAGE_OUTPUTS = 1_000;
/** A step ends early when its outputs are larger than this together, in characters of their JSON. */
const PAGE_CHARS = 8_000_000;
/** A page keeps no more outputs than this: the downloads have them all. */
export const MAX_LOADED_OUTPUTS = 100_000;
/** News in more pieces than this are read as one stretch. */
const MAX_NEWS_RANGES = 16;

export interface LoadedState {
  /** In index order. */
  readonly outputs: readonly Output[];
  /** Everything below this index that is readable has been loaded. */
  readonly upTo: number;
  readonly status: "loading" | "ready" | "failed";
  /** Why loading failed, in words; null when it did not. */
  readonly error: string | null;
  readonly more: "yes" | "no" | "too-many";
}

type ReadResults = (range: ResultsRange) => AsyncIterable<ResultLine>;

/**
 * The outputs of a job that a page has loaded: from the first index on, a page at a time, and below that whatever
 * becomes readable later. One request at a time, whatever is asked.
 */
export class LoadedOutputs {
  readonly #read: ReadResults;
  readonly #total: number;
  readonly #byIndex = new Map<number, Output>();
  readonly #listeners = new Set<() => void>();
  #state: LoadedState = { outputs: [], upTo: 0, status: "ready", error: null, more: "yes" };
  #news: IndexRange[] = [];
  #wantsMore = false;
  #running = false;

  constructor(read: ReadResults, totalTasks: number) {
    this.#read = read;
    this.#total = totalTasks;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LoadedState => this.#state;

  /** Loads the next page. Settles when there is nothing left to do. */
  loadMore(): Promise<void> {
    this.#wantsMore = true;
    return this.#work();
  }

  /** These indexes became readable. Those that lie further on are loaded when their page is. */
  announce(ranges: readonly IndexRange[]): Promise<void> {
    this.#news = merged([...this.#news, ...ranges.filter(([from]) => from < this.#state.upTo)]);
    return this.#work();
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let range = this.#nextRange(); range !== null; range = this.#nextRange()) {
        this.#show({ status: "loading", error: null });
        await this.#load(range);
      }
      this.#show({ status: "ready" });
    } catch (error) {
      this.#wantsMore = false;
      this.#show({ status: "failed", error: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#running = false;
    }
  }

  #nextRange(): IndexRange | null {
    if (this.#byIndex.size >= MAX_LOADED_OUTPUTS) return null;
    const news = this.#news.shift();
    if (news !== undefined) return [news[0], Math.min(news[1], this.#state.upTo)];
    const wanted = this.#wantsMore && this.#state.upTo < this.#total;
    this.#wantsMore = false;
    return wanted ? [this.#state.upTo, this.#total] : null;
  }

  async #load([from, to]: IndexRange): Promise<void> {
    const lines: ResultLine[] = [];
    let chars = 0;
    let reached = to;
    for await (const line of this.#read({ from, to })) {
      lines.push(line);
      chars += roughChars(line);
      if (lines.length >= PAGE_OUTPUTS || chars >= PAGE_CHARS) {
        reached = line.index + 1;
        break;
      }
    }
    for (const output of readLines(lines).outputs) this.#byIndex.set(output.index, output);
    const { upTo } = this.#state;
    // News longer than a page go on behind it.
    if (from < upTo && reached < to) this.#news.unshift([reached, to]);
    const loadedTo = Math.max(upTo, reached);
    const outputs = [...this.#byIndex.values()].toSorted((a, b) => a.index - b.index);
    const more = outputs.length >= MAX_LOADED_OUTPUTS ? "too-many" : loadedTo < this.#total ? "yes" : "no";
    this.#show({ outputs, upTo: loadedTo, more });
  }

  #show(change: Partial<LoadedState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Ranges that touch become one; too many become one stretch over all. */
export function merged(ranges: readonly IndexRange[]): IndexRange[] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  const first = joined[0];
  const last = joined.at(-1);
  if (first === undefined || last === undefined || joined.length <= MAX_NEWS_RANGES) return joined;
  return [[first[0], last[1]]];
}

/** Cheap on purpose: text and bytes are what makes an output large. */
function roughChars(part: unknown): number {
  if (typeof part === "string") return part.length;
  if (typeof part !== "object" || part === null) return 8;
  let chars = 8;
  for (const item of Object.values(part)) chars += roughChars(item);
  return chars;
}
