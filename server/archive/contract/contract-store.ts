import type { ResultsArchive } from "../archive.ts";

/** An archive of its own for one test, and what stands behind it. */
export interface ContractStore {
  readonly archive: ResultsArchive;
  /** Closes it and opens it again on the same data. */
  reopen(): Promise<ResultsArchive>;
  /** Closes it and removes the data. */
  remove(): Promise<void>;
}

export type OpenStore = () => Promise<ContractStore>;
