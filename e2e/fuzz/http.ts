import { createHash } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import fc from "fast-check";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { HttpCalls, type Call } from "./http-calls.ts";
import { HubUnderFire } from "./hub-under-fire.ts";
import { makePeople, type Identity } from "./people.ts";
import { brokenRequest } from "./raw-http.ts";

/** Numbers that stand for calls. */
export const callsArbitrary = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 1, maxLength: 600, size: "max" });

const AT_ONCE = 8;
/** One call in this many is no HTTP at all. */
const RAW_EVERY = 10;
const RAW_WITHIN_MS = 300;
const ANSWER_WITHIN_MS = 60_000;
/** What a hub says when it has too much to do, or no space; anything else from 500 on is a fault. */
const SERVER_STATUSES: ReadonlySet<number> = new Set([503, 507]);
const SOURCE = "export default (n) => n + 1;";

/** Calls of every kind against a hub, beside honest work. */
export class HttpCampaign {
  readonly fire: HubUnderFire;
  readonly #calls: HttpCalls;
  /** Ways in which callers show who they are; one of them is no way. */
  readonly #identities: readonly Identity[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  readonly statuses = new Map<number, number>();
  sent = 0;

  private constructor(fire: HubUnderFire, calls: HttpCalls, identities: readonly Identity[]) {
    this.fire = fire;
    this.#calls = calls;
    this.#identities = identities;
  }

  /** `accounts`: the hub has accounts, and calls come from nobody, from a submitter and from an operator. */
  static async start({ accounts = false } = {}): Promise<HttpCampaign> {
    const identities: Identity[] = [{}];
    const known: Record<string, string[]> = {};
    const fire = accounts ? await HubUnderFire.start(["--accounts"], async (hub) => {
      const people = await makePeople(hub);
      identities.push(...people.hostile);
      Object.assign(known, people.known);
      return people.honest;
    }) : await HubUnderFire.start();
    const { client, hub: { url } } = fire;
    const executableId = createHash("sha256").update(SOURCE).digest("hex");
    await client.putExecutable(executableId, new TextEncoder().encode(SOURCE));
    const { jobId } = await client.submit({ name: "ended", executable: { source: SOURCE }, inputs: [1, 2], options: { requires: { engine: "webkit" } } });
    const waiting = await client.submit({ name: "waits", executable: { source: SOURCE }, inputs: [1, 2], options: { requires: { engine: "chromium" } } });
    const { computeServers } = await client.computeServers();
    const document: unknown = await (await fetch(`${url}/api/openapi.json`)).json();
    return new HttpCampaign(fire, new HttpCalls(document, {
      ...known,
      jobId: [jobId, waiting.jobId], index: ["0", "1"], executableId: [executableId], computeServerId: computeServers.map(({ computeServerId }) => computeServerId),
      limit: ["1", "5"], state: ["running", "completed"], format: ["json", "csv", "msgpack", "ndjson"], from: ["0"], to: ["1"], buckets: ["1", "100"],
    }), identities);
  }

  /** Makes these calls, some at a time, while an honest job runs. Throws where one of them is answered as a fault of the hub. */
  async run(seeds: readonly number[]): Promise<void> {
    const honest = this.fire.honestJob();
    honest.catch(() => undefined);
    let next = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (next < seeds.length) {
        const seed = seeds[next++] ?? 0;
        if (seed % RAW_EVERY === 0) await this.#raw(seed);
        else await this.#call(this.#calls.next(new SeededRandom(seed)), this.#identities[seed % this.#identities.length] ?? {});
      }
    }));
    await honest;
    this.fire.mustBeWell();
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.fire.stop();
  }

  async #raw(seed: number): Promise<void> {
    const bytes = brokenRequest(new SeededRandom(seed));
    const answer = await this.fire.raw(bytes, RAW_WITHIN_MS);
    for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) this.#note(Number(status), () => JSON.stringify(bytes.toString("latin1")));
  }

  async #call(call: Call, identity: Identity): Promise<void> {
    // An operator may shut strangers out: the honest tab is one.
    if (call.method === "PUT" && call.path.startsWith("/api/settings")) return;
    const status = await this.#send(call, identity);
    if (status !== undefined) this.#note(status, () => `${call.method} ${call.path.slice(0, 300)} ${JSON.stringify(call.headers)} ${call.body === undefined ? "" : Buffer.from(call.body).toString("utf8").slice(0, 1_000)}`);
  }

  #note(status: number, what: () => string): void {
    this.sent++;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status >= 500 && !SERVER_STATUSES.has(status)) throw new Error(`The hub answered ${status} to ${what()}`);
  }

  /** The status of the answer; undefined where this client cannot send such a call, or the hub cut the connection. */
  #send({ method, path, headers, body }: Call, identity: Identity): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The hub does not answer ${method} ${path.slice(0, 300)}`)), ANSWER_WITHIN_MS);
      const done = (status: number | undefined) => {
        clearTimeout(timer);
        resolve(status);
      };
      try {
        const request = httpRequest({ host: "127.0.0.1", port: this.fire.port, agent: this.#agent, method, path, headers: { ...identity, ...mutable(headers) } }, (response) => {
          // A stream of events has no end.
          if (response.headers["content-type"]?.startsWith("text/event-stream") === true) response.destroy();
          response.resume();
          response.once("close", () => done(response.statusCode));
        });
        request.once("error", () => done(undefined));
        request.end(body);
      } catch {
        done(undefined);
      }
    });
  }
}

function mutable(headers: Call["headers"]): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]));
}
