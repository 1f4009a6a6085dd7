import * as Comlink from "comlink";
import type { RunOrder } from "../slot/slot-messages.ts";
import type { RunOutcomes, SlotControl, SlotDeath, TaskProgress } from "../supervisor/slot-control.ts";
import type { OpenedSandbox } from "./link-api.ts";

/** The Executable cannot be loaded: every task of it fails. */
export class UnreadableExecutable extends Error {
  override readonly name = "UnreadableExecutable";
  readonly jobStack: string;
  constructor(message: string, jobStack: string) {
    super(message);
    this.jobStack = jobStack;
  }
}

/** The sandbox is gone; the death tells why. */
export class SandboxLost extends Error {
  override readonly name = "SandboxLost";
  readonly death: SlotDeath;
  constructor(death: SlotDeath) {
    super(death.message);
    this.death = death;
  }
}

export interface RunListener {
  outcomes(outcomes: RunOutcomes): void;
  progress(progress: TaskProgress): void;
}

/** One frame with one supervisor and one slot, as its user sees it: every wait ends when the slot dies. */
export class SlotSandbox {
  readonly sandboxId: number;
  readonly #control: Comlink.Remote<SlotControl>;
  readonly #port: MessagePort;
  readonly #lost: Promise<never>;
  #lose: (death: SlotDeath) => void = () => undefined;
  #isLost = false;
  #listener: RunListener | null = null;
  #ended: (() => void) | null = null;
  #runs = 0;

  constructor({ sandboxId, control }: OpenedSandbox) {
    this.sandboxId = sandboxId;
    this.#port = control;
    this.#control = Comlink.wrap<SlotControl>(control);
    this.#lost = new Promise((_resolve, reject) => {
      this.#lose = (death) => {
        this.#isLost = true;
        reject(new SandboxLost(death));
      };
    });
    this.#lost.catch(() => undefined); // a sandbox may die while nobody waits for it
    const listening = this.#control.listen(Comlink.proxy({
      outcomes: (outcomes: RunOutcomes) => {
        this.#listener?.outcomes(outcomes);
        if (outcomes.ended) this.#ended?.();
      },
      progress: (progress: TaskProgress) => this.#listener?.progress(progress),
      died: (death: SlotDeath) => this.#lose(death),
    }));
    this.#guard(listening);
  }

  /** Whether it died, also while nobody waited for it. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Loads a module whatever it exports. Rejects with UnreadableExecutable, or SandboxLost. */
  async load(jobId: string, source: Uint8Array, taskTimeoutMs: number): Promise<{ readonly hasDefault: boolean }> {
    const result = await Promise.race([this.#control.load(jobId, source, taskTimeoutMs), this.#lost]);
    if (!result.loaded) throw new UnreadableExecutable(result.message, result.stack);
    return result;
  }

  /** Loads a module whose tasks shall run. Rejects with UnreadableExecutable, or SandboxLost. */
  async loadTasks(jobId: string, source: Uint8Array, taskTimeoutMs: number): Promise<void> {
    const { hasDefault } = await this.load(jobId, source, taskTimeoutMs);
    if (!hasDefault) throw new UnreadableExecutable("Cannot run the Executable: it has no default export that is a function", "");
  }

  /** Runs the order to its end. Rejects with SandboxLost. */
  async run(order: Omit<RunOrder, "run">, taskTimeoutMs: number, listener: RunListener): Promise<void> {
    this.#listener = listener;
    this.#runs++;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.#guard(this.#control.run({ ...order, run: this.#runs }, taskTimeoutMs));
    await Promise.race([ended, this.#lost]);
    this.#listener = null;
  }

  cancel(): void {
    this.#guard(this.#control.cancel(this.#runs));
  }

  inspect(args: Uint8Array, maxInputs: number) {
    return Promise.race([this.#control.inspect(args, maxInputs), this.#lost]);
  }

  /** Whoever waits for it learns that it is gone. The page removes the frame and the supervisor. */
  close(message: string): void {
    this.#listener = null;
    this.#lose({ cause: "slot-died", message, run: null, blamed: null });
    this.#port.close();
  }

  #guard(call: Promise<void>): void {
    call.catch((error: unknown) => this.#lose({ cause: "not-started", message: `Cannot reach the slot: ${String(error)}`, run: null, blamed: null }));
  }
}
