import { expect, test } from "vitest";
import { PackedValues, packValues } from "../../protocol/packed-values.ts";
import { decodeValue, encodeValue } from "../../protocol/value.ts";
import { FLUSH_TASKS, type FromSlot, type RunOrder } from "./slot-messages.ts";
import { TaskRunner, type SlotRealm, type TaskFunction } from "./task-runner.ts";
import { TaskScope } from "./task-scope.ts";

/** A realm whose clock is moved by the tasks themselves. */
function realm() {
  const posted: FromSlot[] = [];
  const clock = { ms: 0 };
  const slept: number[] = [];
  const parts: SlotRealm = {
    now: () => clock.ms,
    sleep: async (ms) => {
      slept.push(ms);
      clock.ms += ms;
    },
    every: () => () => undefined,
    post: (message) => posted.push(message),
    failureText: (thrown) => ({ message: String(thrown), stack: "" }),
  };
  return { parts, posted, clock, slept };
}

function order(count: number, change: Partial<RunOrder> = {}): RunOrder {
  return { run: 1, ranges: [[0, count]], count, inputs: { kind: "range", start: 0, step: 1 }, careful: false, cpuShare: 1, outputBytes: 1_000, logLines: 100, ...change };
}

async function run(task: TaskFunction, orders: readonly RunOrder[], { parts, posted } = realm()) {
  const runner = new TaskRunner(task, new TaskScope("job", parts.post, parts.now), parts);
  for (const one of orders) await runner.run(one);
  const results = posted.filter((message) => message.type === "results");
  const begins = posted.filter((message) => message.type === "begin");
  const outputs = results.flatMap(({ outputs }) => {
    const packed = new PackedValues(outputs);
    return Array.from({ length: packed.count }, (_, i) => decodeValue(packed.at(i)));
  });
  return { results, begins, outputs };
}

test("TaskRunner.run: tasks without duration cost a handful of messages, however many they are", async () => {
  const { results, begins, outputs } = await run((n) => n, [order(16_384)]);
  expect(outputs).toEqual(Array.from({ length: 16_384 }, (_, i) => i));
  expect(results.length).toBe(Math.ceil(16_384 / FLUSH_TASKS));
  expect(begins.length).toBe(2); // the first, of which nothing is known, and the change to not announcing
  expect(begins.at(-1)?.sure).toBe(false);
});

test("TaskRunner.run: tasks that take long are announced one by one, and flushed every quarter second", async () => {
  const world = realm();
  const { results, begins } = await run((n) => { world.clock.ms += 20; return n; }, [order(100)], world);
  expect(begins.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(begins.every(({ sure }) => sure)).toBe(true);
  expect(results.map(({ count }) => count)).toEqual([13, 13, 13, 13, 13, 13, 13, 9]);
  expect(results.reduce((sum, { busyMs }) => sum + busyMs, 0)).toBe(2_000);
});

test("TaskRunner.run: in careful mode the begin of every task is announced before it runs", async () => {
  const world = realm();
  const seen: number[] = [];
  await run(() => seen.push(world.posted.filter(({ type }) => type === "begin").length), [order(50, { careful: true })], world);
  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});

test("TaskRunner.run: a slot that is not sure says within 50 ms how far it is", async () => {
  const world = realm();
  const { begins } = await run((n) => { world.clock.ms += 0.4; return n; }, [order(1), order(1_000)], world);
  const positions = begins.slice(1).map(({ position }) => position);
  for (const [i, position] of positions.entries()) expect(position - (positions[i - 1] ?? 0)).toBeLessThanOrEqual(50 / 0.4 + 8);
  expect(positions.length).toBeGreaterThan(5);
});

test("TaskRunner.run: each failure keeps its place among the outputs", async () => {
  const { results, outputs } = await run((n) => {
    if (n === 2) throw new Error("two");
    return n === 4 ? () => 1 : n;
  }, [order(6)]);
  expect(outputs).toEqual([0, 1, 3, 5]);
  expect(results.flatMap(({ failures }) => failures).map(({ position, kind }) => [position, kind])).toEqual([[2, "error"], [4, "unsupported-value"]]);
});

test("TaskRunner.run: packed inputs and large ones come to the tasks of their positions", async () => {
  const packed = packValues([encodeValue("a"), new Uint8Array(0), encodeValue("c")]);
  const { outputs } = await run((value, { index }) => [value, index], [order(3, { ranges: [[5, 6], [8, 10]], inputs: { kind: "values", packed, large: new Map([[1, encodeValue("B")]]) } })]);
  expect(outputs).toEqual([["a", 5], ["B", 8], ["c", 9]]);
});

test("TaskRunner.run: an input that is no value fails its task alone", async () => {
  const packed = packValues([encodeValue(1), new Uint8Array([0xc1]), encodeValue(3)]);
  const { outputs, results } = await run((value) => value, [order(3, { inputs: { kind: "values", packed, large: new Map() } })]);
  expect(outputs).toEqual([1, 3]);
  expect(results.flatMap(({ failures }) => failures).map(({ position }) => position)).toEqual([1]);
});

test("TaskRunner.run: rests between tasks for the sake of its share, with all results sent before", async () => {
  const world = realm();
  const { results } = await run((n) => { world.clock.ms += 30; return n; }, [order(10, { cpuShare: 0.5 })], world);
  expect(world.slept).toEqual([60, 60, 60, 60, 60]);
  expect(results.slice(0, -1).every(({ count }) => count === 2)).toBe(true);
  expect(results.reduce((sum, { busyMs }) => sum + busyMs, 0)).toBe(300);
});

test("TaskRunner.cancel: ends the run before its next task", async () => {
  const { parts, posted } = realm();
  const runner = new TaskRunner(async (n, { signal }) => {
    if (n === 3) runner.cancel(1);
    return signal.aborted;
  }, new TaskScope("job", parts.post, parts.now), parts);
  await runner.run(order(10));
  const results = posted.filter((message) => message.type === "results");
  expect(results.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  expect(results.at(-1)?.ended).toBe(true);
});

test("TaskScope: a context can be taken apart, and its random numbers are the task's", async () => {
  const first = await run((_n, { random, index }) => [index, random(), Math.random === random], [order(3)]);
  const second = await run((_n, task) => [task.index, task.random(), Math.random === task.random], [order(3)]);
  expect(first.outputs).toEqual(second.outputs);
});

test("TaskRunner.run: an output past the job's limit fails its task, in words, and the others go on", async () => {
  const { results, outputs } = await run((n) => (n === 1 ? "x".repeat(200) : n), [order(3, { outputBytes: 100 })]);
  expect(outputs).toEqual([0, 2]);
  expect(results.flatMap(({ failures }) => failures)).toEqual([expect.objectContaining({ position: 1, kind: "unsupported-value", message: expect.stringContaining("it is 202 bytes, the limit of this job is 100") })]);
});

test("TaskRunner.run: a task logs as many lines as its job allows, and says which is the last", async () => {
  const world = realm();
  await run((_, { log }) => { for (let i = 0; i < 50; i++) log(`line ${i}`); return 0; }, [order(2, { logLines: 3 })], world);
  const lines = world.posted.flatMap((message) => (message.type === "telemetry" ? message.logs : []));
  expect(lines).toEqual(["line 0", "line 1", "… this was the last line that one task of the job may log: line 2", "line 0", "line 1", "… this was the last line that one task of the job may log: line 2"]);
});
