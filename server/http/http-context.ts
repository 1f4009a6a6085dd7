import type { Logger } from "pino";
import type { AddressGuard } from "../address-guard.ts";
import type { AccountId } from "../../protocol/ids.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import type { AssignedFiles } from "../compute-link/assigned-files.ts";
import type { ExecutionManager } from "../execution/execution-manager.ts";
import type { DiskSpace } from "../archive/disk-space.ts";
import type { AllowedPerTask, OwnerLimits } from "../limits.ts";
import type { Grid } from "../grid/grid.ts";
import type { Metrics } from "../metrics.ts";
import type { Pictures } from "../results/pictures.ts";
import type { AccessRules } from "./access.ts";
import type { HttpOptions } from "./http-options.ts";
import type { JobFeeds } from "./job-feeds.ts";

/** What the routes answer from. */
export interface HttpContext {
  readonly archive: ResultsArchive;
  readonly grid: Grid;
  readonly logger: Logger;
  readonly options: HttpOptions;
  readonly version: string;
  /** Null: a hub without accounts. */
  readonly accounts: Accounts | null;
  readonly access: AccessRules;
  /** What an account may do changed, or less shows who it is: links and streams that it has open are looked at again. */
  readonly onAccountChanged: (accountId: AccountId) => void;
  readonly assignedFiles: Pick<AssignedFiles, "has">;
  readonly pictures: Pictures;
  readonly metrics: Pick<Metrics, "registry" | "refusals">;
  readonly guard: AddressGuard;
  readonly disk: DiskSpace;
  readonly ownerLimits: OwnerLimits;
  readonly allowedPerTask: AllowedPerTask;
  readonly executionManager: ExecutionManager;
  readonly feeds: JobFeeds;
  /** Aborted when the hub begins to stop. */
  readonly stopping: AbortSignal;
}
