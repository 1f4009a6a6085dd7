import type { Logger } from "pino";
import type { AccountId, ComputeServerId } from "../../protocol/ids.ts";
import type { ServerSnapshot } from "../../scheduler/snapshot.ts";
import type { AccountStore, AccountWork } from "../archive/account-store.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";

interface Worker {
  readonly accountId: AccountId;
  /** What of its statistics is in the account already. */
  counted: AccountWork;
}

/** Adds what the Compute Servers of signed-in volunteers do to their accounts. A hub that is killed loses the last seconds of it. */
export class VolunteerWork {
  readonly #store: AccountStore;
  readonly #server: (computeServerId: ComputeServerId) => ServerSnapshot | undefined;
  readonly #logger: Logger;
  readonly #workers = new Map<ComputeServerId, Worker>();
  readonly #timer: NodeJS.Timeout;

  constructor(store: AccountStore, server: (computeServerId: ComputeServerId) => ServerSnapshot | undefined, logger: Logger) {
    this.#store = store;
    this.#server = server;
    this.#logger = logger;
    this.#timer = setInterval(() => {
      this.countAll().catch((error: unknown) => logger.error({ err: error }, "cannot add up what volunteers have done"));
    }, ACCOUNT_LIMITS.workEveryMs).unref();
  }

  /** It registered, anew or again, as this account's. */
  registered(computeServerId: ComputeServerId, accountId: AccountId): void {
    if (this.#workers.has(computeServerId)) return;
    const before = this.#server(computeServerId)?.statistics;
    this.#workers.set(computeServerId, {
      accountId, counted: { tasksCompleted: before?.tasksCompleted ?? 0, tasksFailed: before?.tasksFailed ?? 0, totalTimeMs: before?.totalTimeMs ?? 0 },
    });
  }

  /** It goes: what it has done is counted while it is still known. */
  leaving(computeServerId: ComputeServerId): void {
    this.#count(computeServerId).catch((error: unknown) => this.#logger.error({ err: error, computeServerId }, "cannot add up what a volunteer has done"));
    this.#workers.delete(computeServerId);
  }

  /** Settles when all that was done by now is in the accounts. */
  async countAll(): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((computeServerId) => this.#count(computeServerId)));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.countAll();
  }

  async #count(computeServerId: ComputeServerId): Promise<void> {
    const worker = this.#workers.get(computeServerId);
    const statistics = this.#server(computeServerId)?.statistics;
    if (worker === undefined || statistics === undefined) return;
    const { tasksCompleted, tasksFailed, totalTimeMs } = statistics;
    const work = {
      tasksCompleted: Math.max(0, tasksCompleted - worker.counted.tasksCompleted),
      tasksFailed: Math.max(0, tasksFailed - worker.counted.tasksFailed),
      totalTimeMs: Math.max(0, totalTimeMs - worker.counted.totalTimeMs),
    };
    worker.counted = { tasksCompleted, tasksFailed, totalTimeMs };
    if (work.tasksCompleted > 0 || work.tasksFailed > 0) await this.#store.addWork(worker.accountId, work);
  }
}
