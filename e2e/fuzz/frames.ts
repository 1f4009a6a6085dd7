import { connect } from "node:net";
import { PassThrough } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import pino from "pino";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeUp } from "../../protocol/codec.ts";
import type { Assign } from "../../protocol/down/assign.ts";
import type { Down } from "../../protocol/down.ts";
import { batchIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { packValues, PackedValues } from "../../protocol/packed-values.ts";
import type { Register } from "../../protocol/up/register.ts";
import { decodeValue } from "../../protocol/value.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { TestTab } from "../../server/compute-link/test-tab.ts";
import { TestRunningGrid } from "../../server/grid/test-running-grid.ts";
import { hostileFrame, type Known } from "./frame-mix.ts";
import { clientFrame, Peer, upgradeHeaders } from "./peer.ts";

export const LINK_STATES = ["before-version", "before-register", "registered", "with-batches", "after-expiry", "resumed"] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** A link in some state, and what is sent over it: numbers that stand for frames. */
export interface Session {
  readonly state: LinkState;
  readonly frames: readonly number[];
}

/** Sessions that run at the same time. */
export const sessionsArbitrary = fc.array(
  fc.record({ state: fc.constantFrom(...LINK_STATES), frames: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 1, maxLength: 80, size: "max" }) }),
  { minLength: 1, maxLength: 300, size: "max" },
);

/** Leases of hostile peers are short, so that what they leave behind goes while the fuzzing goes on. */
const LEASE_MS = 400;
const HONEST_TASKS = 20;
/** How long a link is waited for that may have swallowed everything. */
const ANSWER_WITHIN_MS = 1_000;
const LAST_SEQUENCE = 1_000_000_007;
const LAST_FRAME = clientFrame("binary", encodeUp({
  type: "outcomes", sequence: LAST_SEQUENCE,
  reports: [{ batchId: batchIdSchema.parse(0), jobId: jobIdSchema.parse("nobodys-job"), done: [], outputs: packValues([]), large: [], failures: [], busyMs: 0 }],
}));
const LOCAL_ADDRESSES = 100;
/** A batch may not come: the job may have been failed by others. */
const BATCH_WITHIN_MS = 2_000;
/** Of WebSocket itself, of RFC 6455, for what is no frame. */
const WEBSOCKET_CODES: readonly number[] = [1000, 1002, 1003, 1005, 1007, 1009];
const STATED_CODES: ReadonlySet<number> = new Set([...WEBSOCKET_CODES, ...Object.values(CLOSE_CODES)]);

/** A hub with an honest Compute Server and an honest submitter, and any number of hostile peers. */
export class FrameCampaign {
  readonly hub: TestRunningGrid;
  readonly #honest: TestTab;
  readonly #errors: string[];
  #prey = jobIdSchema.parse("nobodys-job");
  #honestJob = jobIdSchema.parse("nobodys-job");
  #jobs = 0;
  #links = 0;
  sent = 0;

  private constructor(hub: TestRunningGrid, honest: TestTab, errors: string[]) {
    this.hub = hub;
    this.#honest = honest;
    this.#errors = errors;
  }

  static async start(): Promise<FrameCampaign> {
    const errors: string[] = [];
    const log = new PassThrough();
    log.on("data", (line: Buffer) => errors.push(line.toString()));
    const hub = await TestRunningGrid.start({ maxLeaseMs: 60_000, logger: pino({ level: "error" }, log) });
    const honest = await TestTab.join(hub.port, { engine: "webkit-1", slots: 2 });
    const campaign = new FrameCampaign(hub, honest, errors);
    campaign.#workHonestly();
    await campaign.#newPrey();
    return campaign;
  }

  /** Runs these sessions beside each other. Throws where one is answered by anything but what is stated. */
  async run(sessions: readonly Session[]): Promise<void> {
    const { jobId } = await this.hub.submit(`honest-${++this.#jobs}`, HONEST_TASKS, { requires: { engine: "webkit" } });
    this.#honestJob = jobId;
    await Promise.all(sessions.map((session) => this.#session(session)));
    await this.#honest.until(`the end of ${jobId}`, () => this.hub.grid.job(jobId) === undefined);
    const chunks = await this.hub.archive.results(jobId, [0, HONEST_TASKS], HONEST_TASKS);
    const outputs = chunks.flatMap(({ packed }) => {
      const values = new PackedValues(packed);
      return Array.from({ length: values.count }, (_, i) => decodeValue(values.at(i)));
    });
    this.#mustBe(outputs.length === HONEST_TASKS && outputs.every((output, i) => output === i), `the honest job has other results: ${JSON.stringify(outputs)}`);
    this.#mustBe(this.hub.fatal.length === 0, `the hub would have stopped: ${String(this.hub.fatal[0])}`);
    this.#mustBe(this.#errors.length === 0, `the hub logged an error: ${this.#errors[0]}`);
    if (this.hub.grid.job(this.#prey) === undefined) await this.#newPrey();
  }

  /** Tells every link to drain; those that are open stay so. */
  async runDraining(sessions: readonly (readonly number[])[]): Promise<void> {
    const links = await Promise.all(sessions.map(() => this.#inState("with-batches")));
    this.hub.endpoint.drain(1_000);
    await Promise.all(links.map(async ({ peer, known }, i) => this.#attack(peer, known, sessions[i] ?? [])));
    this.#mustBe(this.hub.fatal.length === 0 && this.#errors.length === 0, `the hub failed: ${String(this.hub.fatal[0])} ${this.#errors[0]}`);
  }

  /** Of this process, in which the hub runs. */
  async keptBytes(): Promise<number> {
    // What was left by hostile peers goes with their leases.
    await new Promise((resolve) => { setTimeout(resolve, 2 * LEASE_MS); });
    setFlagsFromString("--expose-gc");
    runInNewContext("gc")();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }

  async stop(): Promise<void> {
    await this.#honest.leave();
    await this.hub.remove();
  }

  async #session({ state, frames }: Session): Promise<void> {
    const { peer, known } = await this.#inState(state);
    await this.#attack(peer, known, frames);
  }

  async #attack(peer: Peer, known: Known, frames: readonly number[]): Promise<void> {
    peer.write(Buffer.concat(frames.map((seed) => hostileFrame(seed, known))));
    peer.write(LAST_FRAME);
    // What is acknowledged last was handled last. A frame that never ends swallows what follows it, the last one too.
    await within(ANSWER_WITHIN_MS, peer.until((received) => received.some((message) => message.type === "acknowledge" && message.upTo === LAST_SEQUENCE)));
    peer.write(clientFrame("close", new Uint8Array(0)));
    peer.finish();
    this.sent += frames.length;
    const { code, reason } = await peer.ended;
    // Where it sends a close frame of its own the answer is that, or nothing when the connection was over first.
    this.#mustBe(code === null || STATED_CODES.has(code), `a link was closed by ${code} (${reason}), which is not stated`);
    for (const message of peer.received) this.#mustBe(message.type !== "assign" || message.jobId !== this.#honestJob, "a hostile Compute Server was given a task that asks for another engine");
  }

  #mustBe(holds: boolean, otherwise: string): void {
    if (!holds) throw new Error(otherwise);
  }

  async #inState(state: LinkState): Promise<{ peer: Peer; known: Known }> {
    const jobIds: Known["jobIds"] = [this.#prey, jobIdSchema.parse("nobodys-job")];
    if (state === "before-version") return { peer: this.#open("99"), known: { batches: [], jobIds, resume: undefined } };
    let peer = this.#open();
    let batches: readonly Assign[] = [];
    let resume: Register["resume"];
    if (state !== "before-register") {
      resume = await register(peer, { slots: state === "registered" ? 0 : 2, leaseMs: state === "after-expiry" ? 1 : LEASE_MS });
      if (state !== "registered" && resume !== undefined) batches = await firstBatches(peer);
    }
    if (state === "after-expiry") await peer.ended;
    if (state === "resumed") peer.cut();
    if (state === "after-expiry" || state === "resumed") {
      peer = this.#open();
      await register(peer, { slots: 2, leaseMs: LEASE_MS, holding: batches.map(({ batchId }) => batchId), ...(resume === undefined ? {} : { resume }) });
    }
    return { peer, known: { batches, jobIds, resume } };
  }

  #open(version = String(PROTOCOL_VERSION)): Peer {
    // From many addresses of this machine: one alone would run out of ports.
    const socket = connect({ port: this.hub.port, host: "127.0.0.1", localAddress: `127.0.0.${2 + (this.#links++ % LOCAL_ADDRESSES)}` });
    socket.write(`GET /compute?version=${version} HTTP/1.1\r\n${upgradeHeaders()}\r\n`);
    return new Peer(socket);
  }

  /** The job that hostile peers are given tasks of. */
  async #newPrey(): Promise<void> {
    const { jobId } = await this.hub.submit(`prey-${++this.#jobs}`, LIMITS.jobTasks, { requires: { engine: "chromium" } });
    this.#prey = jobId;
  }

  #workHonestly(): void {
    let answered = 0;
    this.#honest.socket.on("message", () => {
      const batches = this.#honest.all("assign");
      while (answered < batches.length) {
        const batch = batches[answered++];
        if (batch !== undefined) this.#honest.report(batch, answered, batch.ranges.map(([from, to]) => [from, to]));
      }
    });
  }
}

/** Registers as a hostile peer; undefined where the link ended instead. */
async function register(peer: Peer, changes: Partial<Register>): Promise<Register["resume"]> {
  peer.write(clientFrame("binary", encodeUp({ type: "register", name: "hostile", slots: 1, engine: "chromium-1", capabilities: [], leaseMs: LEASE_MS, holding: [], ...changes })));
  await peer.until((received) => received.some(({ type }) => type === "registered"));
  const registered = peer.received.find((message): message is Extract<Down, { type: "registered" }> => message.type === "registered");
  return registered && { computeServerId: registered.computeServerId, resumeToken: registered.resumeToken };
}

async function firstBatches(peer: Peer): Promise<readonly Assign[]> {
  const isAssign = (message: Down): message is Assign => message.type === "assign";
  await within(BATCH_WITHIN_MS, peer.until((received) => received.some(isAssign)));
  return peer.received.filter(isAssign);
}

async function within(ms: number, what: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([what, new Promise<void>((resolve) => { timer = setTimeout(resolve, ms); })]);
  clearTimeout(timer);
}
