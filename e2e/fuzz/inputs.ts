import * as z from "zod/mini";
import type { Assign } from "../../protocol/down/assign.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { isWellFormedValue } from "../../protocol/value-check.ts";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { TestTab } from "../../server/compute-link/test-tab.ts";
import { ended } from "../jobs.ts";
import { HubUnderFire } from "./hub-under-fire.ts";
import { pick } from "./mutate.ts";

const STATED: ReadonlySet<number> = new Set([202, 400, 413, 422, 429, 503]);
const FORMATS = ["ndjson", "json", "csv", "msgpack"] as const;
const MANY = 20_000;

/** Texts of JSON that stand for inputs. */
const ODD_INPUTS: readonly [() => string, ...(() => string)[]] = [
  () => `[${"[".repeat(5_000)}${"]".repeat(5_000)}]`, () => `[${Array.from({ length: MANY }, (_, i) => `{"k${i}":${i}}`).join()}]`, () => `[{${Array.from({ length: MANY }, (_, i) => `"k${i}":${i}`).join()}}]`,
  () => "[{\"__proto__\":{\"x\":1}}]", () => "[{\"constructor\":{\"prototype\":{\"x\":1}}}]", () => "[{\"a\":1,\"a\":2}]", () => "[{\"$bigint\":\"99999999999999999999999\"}]", () => "[{\"$bigint\":\"-9223372036854775808\"}]", () => "[{\"$bigint\":\"1e5\"}]",
  () => "[{\"$bytes\":\"not base64!\"}]", () => "[{\"$bytes\":\"AAAA\",\"more\":1}]", () => "[{\"$date\":\"+999999-01-01T00:00:00Z\"}]", () => "[{\"$date\":\"no\"}]", () => "[{\"$date\":8640000000000001}]", () => "[{\"$number\":\"NaN\"},{\"$number\":\"-0\"},{\"$number\":\"7\"}]",
  () => "[{\"$array\":\"float64\"}]", () => "[{\"$ref\":\"#\"}]", () => "[1e400,-1e400,1e-400,-0]", () => "[\"\\ud800\",\"\\u0000\",\"\\udfff\\ud800\"]", () => `["${"x".repeat(200_000)}"]`, () => "[]", () => "[null]", () => "null", () => "{}",
  () => "{\"range\":{\"start\":0,\"end\":1e18}}", () => "{\"range\":{\"start\":5,\"end\":1}}", () => "{\"range\":{\"start\":0,\"end\":10,\"step\":0}}", () => "{\"range\":{\"start\":0,\"end\":10,\"step\":-1}}", () => "{\"range\":{\"start\":-1e308,\"end\":1e308,\"step\":1e300}}",
  () => "{\"range\":{\"start\":0.1,\"end\":0.3,\"step\":0.1}}", () => JSON.stringify({ ndjson: "1\n2\n{\n" }), () => JSON.stringify({ ndjson: "\n\n\r\n 1 \r\n\n" }), () => JSON.stringify({ ndjson: "\u2028" }), () => JSON.stringify({ ndjson: "1 2" }), () => JSON.stringify({ ndjson: "" }),
  () => JSON.stringify({ ndjson: "[".repeat(100_000) }), () => JSON.stringify({ ndjson: "1\n".repeat(MANY) }), () => "{\"ndjson\":[1]}", () => "{\"range\":{\"start\":0,\"end\":3},\"ndjson\":\"1\"}", () => "{\"values\":1}", () => "[undefined]",
];

/** Bytes that are one well-formed MessagePack value, of shapes that no honest tab would send. */
export function hostileValue(random: SeededRandom, depth = 0): number[] {
  if (depth > 5) return [random.below(0x80)];
  const text = (bytes: readonly number[]) => [0xa0 + bytes.length, ...bytes];
  const inner = () => hostileValue(random, depth + 1);
  switch (random.below(18)) {
    case 0: return [0x90];
    case 1: return [0x93, ...inner(), ...inner(), ...inner()];
    case 2: return [0x82, ...text([0x61]), ...inner(), ...text([0x61]), ...inner()];
    case 3: return [0x81, ...text([...Buffer.from("__proto__")]), ...inner()];
    case 4: return [0x81, ...inner(), ...inner()];
    case 5: return text([0xff, 0xc0, 0x80]);
    case 6: return text([0xed, 0xa0, 0x80]);
    case 7: return [0xd4, random.below(256), random.below(256)];
    case 8: return [0xc7, 12, 0xff, ...Array.from({ length: 12 }, () => random.below(256))];
    case 9: return [0xd6, 0xff, 0xff, 0xff, 0xff, 0xff];
    case 10: return [0xcb, ...pick(random, [[0x7f, 0xf8, 0, 0, 0, 0, 0, 1], [0x7f, 0xf0, 0, 0, 0, 0, 0, 0], [0x80, 0, 0, 0, 0, 0, 0, 0]])];
    case 11: return [pick(random, [0xcf, 0xd3]), ...Array.from({ length: 8 }, () => random.below(256))];
    case 12: return [0xc4, 2, 0xff, 0x00];
    case 13: return [0xc7, 3, random.below(24), 1, 2, 3];
    case 14: return Array.from({ length: 80 }, () => 0x91).concat(0xc0).slice(pick(random, [0, 20, 40, 80]));
    case 15: return [0x85, ...["x", "y", "width", "height", "rgba"].flatMap((key) => [...text([...Buffer.from(key)]), ...inner()])];
    case 16: return text([...Buffer.from(pick(random, ["=1+1", "@x", "a,b", "\"\r\n", "<b>", "\0", "\u202e"]))]);
    default: return [pick(random, [0xc0, 0xc2, 0xc3, 0x00, 0xff, 0xe0])];
  }
}

/** Inputs of every shape, and outputs of every shape read in every format, beside honest work. */
export class InputCampaign {
  readonly fire: HubUnderFire;
  sent = 0;

  private constructor(fire: HubUnderFire) {
    this.fire = fire;
  }

  static async start(): Promise<InputCampaign> {
    return new InputCampaign(await HubUnderFire.start());
  }

  async run(seeds: readonly number[]): Promise<void> {
    const honest = this.fire.honestJob();
    honest.catch(() => undefined);
    for (const seed of seeds) await this.#submitInputs(new SeededRandom(seed));
    await this.#giveOutputs(seeds);
    await honest;
    this.fire.mustBeWell();
  }

  async stop(): Promise<void> {
    await this.fire.stop();
  }

  async #submitInputs(random: SeededRandom): Promise<void> {
    this.sent++;
    const inputs = pick(random, ODD_INPUTS)();
    const body = `{"name":"odd","executable":{"source":"export default (n) => n"},"options":{"requires":{"engine":"firefox"}},"inputs":${inputs}}`;
    const response = await fetch(`${this.fire.hub.url}/api/jobs`, { method: "POST", headers: { "content-type": "application/json" }, body });
    await response.body?.cancel();
    if (!STATED.has(response.status)) throw new Error(`The hub answered ${response.status} to the inputs ${inputs.slice(0, 500)}`);
  }

  /** A tab that gives these outputs; what the hub took can be read by its submitter, whatever it is. */
  async #giveOutputs(seeds: readonly number[]): Promise<void> {
    const values = seeds.map((seed) => Uint8Array.from(hostileValue(new SeededRandom(seed)))).filter((bytes) => isWellFormedValue(bytes));
    if (values.length === 0) return;
    const { hub, port } = this.fire;
    const { jobId } = await hub.client.submit({ name: "outputs", executable: { source: "export default (n) => n" }, inputs: { range: { start: 0, end: values.length } }, options: { requires: { engine: "chromium" }, maxAttempts: 1 } });
    const tab = await TestTab.join(port, { engine: "chromium-1" });
    let answered = 0;
    const answer = () => {
      const batches = tab.all("assign");
      for (const batch of batches.slice(answered)) this.#report(tab, batch, values);
      answered = batches.length;
    };
    tab.socket.on("message", answer);
    // The first may have come with the registration.
    answer();
    const closed = tab.closed.then(({ code, reason }) => { throw new Error(`The hub did not take outputs, ${code} ${reason}: ${shown(values)}`); });
    await Promise.race([ended(hub, jobId), closed]);
    closed.catch(() => undefined);
    this.sent += values.length;
    await this.#readOutputs(jobId, values);
    await tab.leave();
  }

  #report(tab: TestTab, batch: Assign, values: readonly Uint8Array[]): void {
    for (const [from, to] of batch.ranges) {
      for (let index = from; index < to; index++) tab.report(batch, index + 1, [[index, index + 1]], { outputs: packValues([values[index] ?? Uint8Array.of(0xc0)]) });
    }
  }

  async #readOutputs(jobId: string, values: readonly Uint8Array[]): Promise<void> {
    const { url } = this.fire.hub;
    for (const format of FORMATS) {
      const response = await fetch(`${url}/api/jobs/${jobId}/results?format=${format}`);
      const text = await response.text().catch((error: unknown) => `cut: ${String(error)}`);
      if (response.status !== 200 || text.startsWith("cut:")) throw new Error(`The results as ${format} are answered ${response.status}, ${text.slice(0, 200)}, of the outputs ${shown(values)}`);
      if (format === "ndjson") for (const line of text.trimEnd().split("\n")) if (line !== "") z.object({ index: z.number() }).parse(JSON.parse(line));
    }
    for (const path of ["results/0", "picture.png", ""]) {
      const response = await fetch(`${url}/api/jobs/${jobId}/${path}`);
      await response.body?.cancel();
      if (response.status >= 500 && response.status !== 503) throw new Error(`${path} is answered ${response.status} of the outputs ${shown(values)}`);
    }
  }
}

function shown(values: readonly Uint8Array[]): string {
  return values.map((bytes) => Buffer.from(bytes).toString("hex")).join(" ");
}
