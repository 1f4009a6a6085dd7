import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeUp } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import type { Registered } from "../../protocol/down/registered.ts";
import type { Revoke } from "../../protocol/down/revoke.ts";
import { computeServerIdSchema, executableIdSchema, resumeTokenSchema, type BatchId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Up } from "../../protocol/up.ts";
import { BatchQueue } from "./batch-queue.ts";
import { detectCapabilities, deviceMemoryMiB } from "./capabilities.ts";
import { engineName } from "./engine.ts";
import { HubFiles } from "./hub-files.ts";
import { HubSocket } from "./hub-socket.ts";
import type { LinkHost, LinkOptions, LinkState, ResumeIdentity } from "./link-api.ts";
import { Outbox } from "./outbox.ts";
import { ProgressSender } from "./progress-sender.ts";
import { ReportSender } from "./report-sender.ts";
import { SlotPool } from "./slot-pool.ts";
import { Statistics } from "./statistics.ts";

/** The lease asked for; long enough to come back from a moment without network. */
const LEASE_MS = 30_000;
/** A hub that acknowledges nothing for so long is reached no more, whatever the socket believes. */
const SILENT_HUB_MS = 30_000;
const STATE_EVERY_MS = 250;
const STOP_FLUSH_MS = 700;

/** A Compute Server without a page: the link to its hub, its batches, its slots and its outbox. */
export class ComputeLink {
  readonly #options: LinkOptions;
  readonly #host: LinkHost;
  readonly #queue = new BatchQueue();
  readonly #statistics = new Statistics(Date.now());
  // Sequences go up over reloads of the page, too, without anything being stored.
  readonly #outbox = new Outbox(Date.now());
  readonly #files: HubFiles;
  readonly #socket: HubSocket;
  readonly #sender: ReportSender;
  readonly #progress: ProgressSender;
  readonly #pool: SlotPool;
  #identity: ResumeIdentity | null;
  #phase: LinkState["phase"] = "connecting";
  #notice: string | null = null;
  #signInNeeded = false;
  #leaseMs: number | null = null;
  #capabilities: readonly string[] = [];
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #heardAt = 0;
  /** Releases from while there was no link; each of a batch that was held, so they are as few. */
  #unsent: Up[] = [];
  #stateTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: LinkOptions, host: LinkHost) {
    this.#options = options;
    this.#host = host;
    this.#identity = options.resume;
    const files = new HubFiles(options.hubUrl, () => this.#identity);
    this.#files = files;
    this.#socket = new HubSocket(options.hubUrl, options.token, {
      opened: () => this.#register(),
      received: (message) => this.#received(message),
      closed: (code, why, retryMs) => this.#closed(code, why, retryMs),
    });
    this.#sender = new ReportSender(this.#outbox, files, (frame) => {
      if (this.#phase === "registered") this.#socket.send(frame);
    });
    this.#progress = new ProgressSender((message) => this.#send(message));
    this.#pool = new SlotPool({
      files, queue: this.#queue, statistics: this.#statistics, sender: this.#sender, progress: this.#progress, cpuShare: options.cpuShare,
      openSandbox: () => host.openSandbox(),
      closeSandbox: (sandboxId) => this.#ask(host.closeSandbox(sandboxId)),
      changed: () => this.#changed(),
      trouble: (why) => this.#tell(this.#phase, why),
      released: (batchId) => this.#release(batchId),
    });
  }

  start(): void {
    void this.#connect();
    this.#pool.setSlots(this.#options.slots);
    this.#changed();
  }

  setSlots(slots: number): void {
    this.#pool.setSlots(slots);
    this.#send({ type: "renew", slots });
    if (slots === 0) for (const batchId of this.#queue.ids()) this.#release(batchId);
    this.#changed();
  }

  setCpuShare(share: number): void {
    this.#pool.setCpuShare(share);
    this.#changed();
  }

  async executableSource(executableId: string): Promise<string> {
    return new TextDecoder().decode(await this.#files.executable(executableIdSchema.parse(executableId)));
  }

  async stop(): Promise<void> {
    this.#pool.close();
    this.#sender.flush();
    if (this.#phase === "registered") this.#send({ type: "unregister" });
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    if (this.#stateTimer !== null) clearTimeout(this.#stateTimer);
    const until = performance.now() + STOP_FLUSH_MS;
    while (this.#socket.isOpen && this.#socket.bufferedBytes > 0 && performance.now() < until) {
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
    this.#socket.stop();
  }

  async #connect(): Promise<void> {
    try {
      this.#capabilities = await detectCapabilities();
    } catch (error) {
      console.error("Cannot tell what this browser offers to jobs:", error);
    }
    this.#socket.connect();
  }

  #send(message: Up): void {
    if (this.#phase === "registered") this.#socket.send(encodeUp(message));
  }

  #register(): void {
    const { name, memoryMiB } = this.#options;
    const identity = this.#identity;
    const register: Up = {
      type: "register", name: name.slice(0, LIMITS.nameMaxChars), slots: this.#pool.slots,
      engine: engineName(navigator.userAgent), capabilities: [...this.#capabilities], memoryMiB: memoryMiB ?? deviceMemoryMiB(navigator),
      leaseMs: LEASE_MS, holding: [...new Set([...this.#queue.ids(), ...this.#sender.batchIds()])].slice(0, LIMITS.reportsPerMessage),
    };
    const resume = identity === null ? null : {
      computeServerId: computeServerIdSchema.parse(identity.computeServerId), resumeToken: resumeTokenSchema.parse(identity.resumeToken),
    };
    this.#socket.send(encodeUp(resume === null ? register : { ...register, resume }));
  }

  #received(message: Down): void {
    this.#heardAt = performance.now();
    switch (message.type) {
      case "registered": return this.#registered(message);
      case "assign":
        if (this.#pool.slots === 0) return this.#send({ type: "release", batchId: message.batchId, jobId: message.jobId, ranges: message.ranges });
        this.#queue.add(message);
        return this.#pool.dispatch();
      case "acknowledge":
        this.#outbox.acknowledge(message.upTo);
        this.#pool.dispatch();
        return this.#changed();
      case "revoke": return this.#revoke(message);
      case "drain":
        this.#socket.retryAfter(message.retryAfterMs);
        return this.#tell("registered", "The hub is about to restart; what is finished meanwhile is kept.");
      case "refuse":
        if (message.retryAfterMs !== undefined) this.#socket.retryAfter(message.retryAfterMs);
        if (message.reload) return this.#reload(message.reason);
        return this.#tell("refused", message.reason);
    }
  }

  #registered({ computeServerId, resumeToken, leaseMs, heartbeatMs, drop }: Registered): void {
    this.#identity = { computeServerId, resumeToken };
    this.#ask(this.#host.remember(this.#identity));
    this.#leaseMs = leaseMs;
    this.#socket.settled();
    this.#tell("registered", null);
    for (const batchId of drop) this.#drop(batchId);
    for (const frame of this.#outbox.frames()) this.#socket.send(frame);
    this.#sender.flush();
    for (const message of this.#unsent.splice(0)) this.#send(message);
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#beat(heartbeatMs), heartbeatMs / 2);
    this.#send({ type: "renew", slots: this.#pool.slots }); // they may have changed since the register left
    this.#pool.dispatch();
  }

  #beat(heartbeatMs: number): void {
    const now = performance.now();
    if (this.#outbox.size > 0 && now - this.#heardAt > SILENT_HUB_MS) return this.#socket.lose("the hub has not answered for 30 s");
    if (now - this.#socket.sentAt >= heartbeatMs / 2) this.#send({ type: "renew", slots: this.#pool.slots });
  }

  #closed(code: number, why: string, retryMs: number): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    const again = `Trying again in ${Math.max(1, Math.round(retryMs / 1000))} s.`;
    switch (code) {
      case CLOSE_CODES.unsupportedVersion: return this.#reload(why);
      case CLOSE_CODES.signIn:
        this.#socket.stop();
        this.#forgetAll();
        this.#signInNeeded = true;
        return this.#tell("refused", this.#phase === "refused" ? this.#notice : why);
      case CLOSE_CODES.forbidden: case CLOSE_CODES.replaced: case CLOSE_CODES.malformed: case CLOSE_CODES.tooLarge:
        // Who this tab was is not to be taken up again, or what it sends breaks the link: begin anew with nothing held.
        this.#forgetAll();
        return this.#tell("connecting", `The hub closed the link: ${why}. Registering anew. ${again}`);
      default:
        if (this.#phase !== "refused") this.#tell("connecting", `No link to the hub: ${why}. ${again}`);
    }
  }

  #reload(why: string): void {
    this.#tell("refused", `This page is older than its hub (${why}). Reload it.`);
    Promise.resolve(this.#host.reload()).then((reloads) => {
      if (!reloads) this.#tell("refused", `This page does not fit its hub, also after a reload: ${why}`);
    }, (error: unknown) => this.#tell("refused", `Cannot reload the page: ${String(error)}`));
  }

  #forgetAll(): void {
    this.#identity = null;
    this.#ask(this.#host.remember(null));
    for (const batchId of this.#queue.ids()) this.#drop(batchId);
    this.#sender.clear();
    this.#unsent = [];
  }

  #revoke({ batchIds, unstartedOnly }: Revoke): void {
    for (const batchId of batchIds) {
      if (unstartedOnly) this.#release(batchId);
      else this.#drop(batchId);
    }
    this.#changed();
  }

  #drop(batchId: BatchId): void {
    if (this.#queue.drop(batchId)) this.#pool.interrupt(batchId);
  }

  /** Gives back what no slot has begun of a batch. */
  #release(batchId: BatchId): void {
    const released = this.#queue.release(batchId);
    if (released === undefined) return;
    this.#sender.flush(); // what was done of it comes first
    const { jobId } = released.assign;
    const release: Up = { type: "release", batchId, jobId, ranges: released.ranges };
    if (this.#phase === "registered") this.#send(release);
    else this.#unsent.push(release);
  }

  /** The page answers nothing to this; if it cannot be reached, its console says so. */
  #ask(answer: void | Promise<void>): void {
    Promise.resolve(answer).catch((error: unknown) => console.error("Cannot reach the page from its link worker:", error));
  }

  #tell(phase: LinkState["phase"], notice: string | null): void {
    this.#phase = phase;
    this.#notice = notice;
    this.#tellState();
  }

  #changed(): void {
    this.#stateTimer ??= setTimeout(() => this.#tellState(), STATE_EVERY_MS);
  }

  #tellState(): void {
    if (this.#stateTimer !== null) clearTimeout(this.#stateTimer);
    this.#stateTimer = null;
    const { tasksDone, tasksFailed, timeGivenMs, running } = this.#statistics;
    this.#ask(this.#host.stateChanged({
      phase: this.#phase, notice: this.#notice, signInNeeded: this.#signInNeeded, computeServerId: this.#identity?.computeServerId ?? null, leaseMs: this.#leaseMs,
      slots: this.#pool.slots, cpuShare: this.#pool.cpuShare, running, queuedTasks: this.#queue.waitingTasks,
      tasksDone, tasksFailed, timeGivenMs, history: this.#statistics.history(Date.now()), unacknowledged: this.#outbox.size,
    }));
    // Counts per second move on by themselves, until they have run out.
    if (this.#phase === "registered") this.#stateTimer = setTimeout(() => this.#tellState(), 4 * STATE_EVERY_MS);
  }
}
