import type { BatchInputs } from "../../protocol/down/assign.ts";
import type { BlobId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues, packValues } from "../../protocol/packed-values.ts";
import type { FailureKind, TaskFailure } from "../../protocol/up/outcomes.ts";
import { cutRanges, indexAt, indexesOf } from "../batch-positions.ts";
import type { SlotInputs } from "../slot/slot-messages.ts";
import type { RunOutcomes, SlotDeath, TaskProgress } from "../supervisor/slot-control.ts";
import type { Segment, Work } from "./batch-queue.ts";
import { HubFileError, type HubFiles } from "./hub-files.ts";
import type { OpenedSandbox } from "./link-api.ts";
import { SandboxLost, SlotSandbox, UnreadableExecutable } from "./slot-sandbox.ts";

/** A slot keeps the sandboxes of the jobs that it ran last, so that two jobs in turn cost no start each; one more until it idles. */
const SANDBOXES_PER_SLOT = 2;
/** A sandbox whose job has sent nothing for so long is removed: job code could go on in it, and nobody would know for whom. */
const IDLE_SANDBOX_MS = 5_000;
/** A task that is not wanted any more may end by its signal until then. */
const CANCEL_GRACE_MS = 250;

export interface SlotSurroundings {
  readonly files: HubFiles;
  openSandbox(): Promise<OpenedSandbox>;
  closeSandbox(sandboxId: number): void;
  outcomes(work: Work, outcomes: RunOutcomes): void;
  progress(slot: number, work: Work, progress: TaskProgress): void;
}

/** How work ended: what no slot finished, and why where that is nobody's fault. */
export interface WorkEnd {
  readonly unfinished: readonly Segment[];
  /** The sandbox or the hub failed, not a task: try again after a while. */
  readonly trouble: string | null;
}

interface JobSandbox {
  readonly jobId: string;
  readonly sandbox: SlotSandbox;
  idleTimer: ReturnType<typeof setTimeout> | null;
}

/** One slot: runs work after work, each in the sandbox of its job, and replaces the sandbox that died. */
export class SlotRunner {
  readonly slot: number;
  readonly #around: SlotSurroundings;
  #cpuShare: number;
  #spare: Promise<SlotSandbox> | null = null;
  #sandboxes: JobSandbox[] = [];
  #current: JobSandbox | null = null;
  #work: Work | null = null;
  #interrupted = false;
  #reported = 0;

  constructor(slot: number, cpuShare: number, around: SlotSurroundings) {
    this.slot = slot;
    this.#cpuShare = cpuShare;
    this.#around = around;
  }

  get work(): Work | null {
    return this.#work;
  }

  /** Takes effect with the next work. */
  set cpuShare(share: number) {
    this.#cpuShare = share;
  }

  get hasSpare(): boolean {
    return this.#spare !== null;
  }

  /** The job's sandbox is here, with its Executable loaded. */
  isReadyFor(jobId: string): boolean {
    return this.#sandboxes.some((entry) => entry.jobId === jobId);
  }

  /** Starts a sandbox before there is work, so that the first task does not wait for it. */
  warm(): void {
    if (this.#sandboxes.length === 0) this.openSpare();
  }

  /** Starts a sandbox for a job that this slot does not know yet. */
  openSpare(): void {
    this.#spare ??= this.#open();
    this.#spare.catch(() => undefined); // whoever takes it learns of its failure
  }

  /** Removes the sandbox of the job that ran longest ago, where there is one too many: it takes time that a task would wait for. */
  tidy(): void {
    const [oldest] = this.#sandboxes;
    if (this.#sandboxes.length > SANDBOXES_PER_SLOT && oldest !== undefined) this.#remove(oldest, "Other jobs took the slot");
  }

  /** Runs the work; what comes of it goes to the surroundings. Never rejects. */
  async perform(work: Work): Promise<WorkEnd> {
    this.#work = work;
    this.#reported = 0;
    this.#interrupted = false;
    try {
      const entry = await this.#sandboxFor(work);
      this.#current = entry;
      const { from, to, careful, assign } = work;
      const inputs = await this.#inputs(assign.inputs, assign.ranges, from, to);
      if (this.#interrupted) return this.#unfinished(careful);
      const order = { ranges: cutRanges(assign.ranges, from, to), count: to - from, inputs, careful, cpuShare: this.#cpuShare, outputBytes: assign.outputBytes ?? LIMITS.valueBytes, logLines: assign.logLines ?? LIMITS.logLinesPerTask };
      await entry.sandbox.run(order, assign.taskTimeoutMs, {
        outcomes: (outcomes) => {
          this.#reported = outcomes.reported;
          this.#around.outcomes(work, outcomes);
        },
        progress: (progress) => this.#around.progress(this.slot, work, progress),
      });
      return this.#unfinished(careful);
    } catch (error) {
      return this.#failed(work, error);
    } finally {
      if (this.#current !== null && this.#sandboxes.includes(this.#current)) this.#idles(this.#current);
      this.#work = null;
      this.#current = null;
    }
  }

  /** Ends the running work soon: by the task's signal, or else by removing its sandbox. */
  interrupt(graceMs = CANCEL_GRACE_MS): void {
    const work = this.#work;
    if (work === null || this.#interrupted) return;
    this.#interrupted = true;
    this.#current?.sandbox.cancel();
    setTimeout(() => {
      if (this.#work === work && this.#current !== null) this.#remove(this.#current, "The task is not wanted any more");
    }, graceMs);
  }

  /** Removes all sandboxes. */
  close(): void {
    this.#interrupted = true;
    for (const entry of this.#sandboxes) this.#remove(entry, "The slot was closed");
    this.#spare?.then((sandbox) => this.#discard(sandbox, "The slot was closed")).catch(() => undefined); // it never opened
    this.#spare = null;
  }

  #unfinished(careful: boolean): WorkEnd {
    const work = this.#work;
    if (work === null) return { unfinished: [], trouble: null };
    const from = work.from + this.#reported;
    return { unfinished: from < work.to ? [{ from, to: work.to, careful }] : [], trouble: null };
  }

  async #sandboxFor({ assign }: Work): Promise<JobSandbox> {
    const { jobId, executableId } = assign;
    const kept = this.#sandboxes.find((entry) => entry.jobId === jobId);
    if (kept !== undefined && kept.idleTimer !== null) clearTimeout(kept.idleTimer);
    if (kept?.sandbox.isLost === true) this.#remove(kept, "It died while it waited for work");
    else if (kept !== undefined) {
      this.#sandboxes = [...this.#sandboxes.filter((entry) => entry !== kept), kept];
      return kept;
    }
    const [sandbox, source] = await Promise.all([this.#takeSpare(), this.#around.files.executable(executableId)]);
    const entry: JobSandbox = { jobId, sandbox, idleTimer: null };
    this.tidy();
    this.#sandboxes.push(entry);
    this.#current = entry;
    try {
      await sandbox.loadTasks(jobId, source, assign.taskTimeoutMs);
    } catch (error) {
      this.#remove(entry, "Its Executable could not be loaded");
      throw error;
    }
    return entry;
  }

  #idles(entry: JobSandbox): void {
    entry.idleTimer = setTimeout(() => this.#remove(entry, "Its job has sent nothing for a while"), IDLE_SANDBOX_MS);
  }

  async #inputs(inputs: BatchInputs, ranges: Work["assign"]["ranges"], from: number, to: number): Promise<SlotInputs> {
    if (inputs.kind === "range") return { kind: "range", start: inputs.start, step: inputs.step };
    const large = new Map<number, Uint8Array>();
    if (inputs.large.length > 0) {
      const byIndex = new Map(inputs.large.map(({ index, blobId }) => [index, blobId]));
      let position = 0;
      for (const index of indexesOf(cutRanges(ranges, from, to))) {
        const blobId = byIndex.get(index);
        if (blobId !== undefined) large.set(position, await this.#largeInput(index, blobId));
        position++;
      }
    }
    return { kind: "values", packed: new PackedValues(inputs.packed).slice(from, to), large };
  }

  async #largeInput(index: number, blobId: BlobId): Promise<Uint8Array> {
    try {
      return await this.#around.files.blob(blobId);
    } catch (error) {
      throw isGone(error) ? new InputGone(`Cannot read the input of task ${index}: ${error.message}`) : error;
    }
  }

  #failed(work: Work, error: unknown): WorkEnd {
    const all: Segment = { from: work.from + this.#reported, to: work.to, careful: work.careful };
    if (this.#current !== null && error instanceof SandboxLost) this.#remove(this.#current, error.message);
    if (this.#interrupted) return { unfinished: [all], trouble: null };
    if (error instanceof SandboxLost) return this.#lost(work, all, error.death);
    if (error instanceof UnreadableExecutable) return this.#failAll(work, all, "unreadable-executable", error.message, error.jobStack);
    if (error instanceof InputGone) return this.#failAll(work, all, "error", error.message, "");
    if (isGone(error)) return this.#failAll(work, all, "unreadable-executable", error.message, "");
    return { unfinished: [all], trouble: error instanceof Error ? error.message : String(error) };
  }

  /** The slot died: the task to blame fails, the others run again, each announced where it is not known which one it was. */
  #lost(work: Work, all: Segment, { cause, message, run, blamed }: SlotDeath): WorkEnd {
    if (cause === "not-started") return { unfinished: [all], trouble: message };
    if (run === null) return this.#failAll(work, all, "unreadable-executable", message, "");
    this.warm();
    if (blamed === null) return { unfinished: [{ ...all, careful: true }], trouble: null };
    const position = work.from + blamed;
    const failure: TaskFailure = { index: indexAt(work.assign.ranges, position), kind: cause, message: message.slice(0, LIMITS.errorMessageChars), stack: "" };
    this.#around.outcomes(work, failuresOnly(this.#reported, [failure], false));
    const rest = [{ from: all.from, to: position, careful: false }, { from: position + 1, to: all.to, careful: false }];
    return { unfinished: rest.filter(({ from, to }) => from < to), trouble: null };
  }

  #failAll(work: Work, { from, to }: Segment, kind: FailureKind, message: string, stack: string): WorkEnd {
    const indexes = [...indexesOf(cutRanges(work.assign.ranges, from, to))];
    for (let at = 0; at < indexes.length; at += LIMITS.failuresPerMessage) {
      const failures = indexes.slice(at, at + LIMITS.failuresPerMessage).map((index) => ({ index, kind, message, stack: at === 0 ? stack : "" }));
      this.#around.outcomes(work, failuresOnly(at + failures.length, failures, at + failures.length === indexes.length));
    }
    return { unfinished: [], trouble: null };
  }

  /** The spare, or a fresh sandbox where there is none or it died while it waited. */
  async #takeSpare(): Promise<SlotSandbox> {
    const spare = this.#spare;
    this.#spare = null;
    if (spare === null) return this.#open();
    const sandbox = await spare;
    if (!sandbox.isLost) return sandbox;
    this.#discard(sandbox, "It died while it waited for work");
    return this.#open();
  }

  async #open(): Promise<SlotSandbox> {
    return new SlotSandbox(await this.#around.openSandbox());
  }

  #remove(entry: JobSandbox, why: string): void {
    if (entry.idleTimer !== null) clearTimeout(entry.idleTimer);
    this.#sandboxes = this.#sandboxes.filter((kept) => kept !== entry);
    this.#discard(entry.sandbox, why);
  }

  #discard(sandbox: SlotSandbox, why: string): void {
    this.#around.closeSandbox(sandbox.sandboxId);
    sandbox.close(why);
  }
}

/** The hub does not have an input that it sent the tasks of. */
class InputGone extends Error {
  override readonly name = "InputGone";
}

/** Whether asking the hub again would change nothing. */
function isGone(error: unknown): error is HubFileError {
  return error instanceof HubFileError && (error.status === 404 || error.status === 413);
}

function failuresOnly(reported: number, failures: readonly TaskFailure[], ended: boolean): RunOutcomes {
  return { run: 0, reported, done: [], outputs: packValues([]), failures, busyMs: 0, ended };
}
