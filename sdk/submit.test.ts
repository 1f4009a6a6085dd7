import { expect, test } from "vitest";
import { HubClient } from "./hub-client.ts";
import { serve } from "./http-server.test-data.ts";
import { submitJob, toSubmission } from "./submit.ts";

const SOURCE = "export default (n) => n; export const inputs = ({ n }) => Array.from({ length: n }, (_, i) => i); export const view = { kind: 'table' };";

test("toSubmission: inputs and view are made by the module from the arguments", async () => {
  expect(await toSubmission({ source: SOURCE, args: { n: 2 } })).toEqual({
    name: "job", executable: { source: SOURCE }, inputs: { ndjson: "0\n1" }, args: { n: 2 }, view: { kind: "table" },
  });
});

test("toSubmission: a range is sent as such, with no input made", async () => {
  const submission = await toSubmission({ source: SOURCE, range: { start: 1, end: 1e9 }, name: "big" });
  expect([submission.name, submission.inputs]).toEqual(["big", { range: { start: 1, end: 1e9 } }]);
});

test("toSubmission: inputs that JSON cannot carry are tagged", async () => {
  const { inputs } = await toSubmission({ source: SOURCE, inputs: [5n, new Uint8Array([1]), Number.NaN, { at: new Date(0) }] });
  expect(inputs).toEqual({ ndjson: '{"$bigint":"5"}\n{"$bytes":"AQ=="}\n{"$number":"NaN"}\n{"at":{"$date":"1970-01-01T00:00:00.000Z"}}' });
});

test("toSubmission: an input that no message can carry is told with its number and the path inside it", async () => {
  await expect(toSubmission({ source: SOURCE, inputs: [1, { a: [() => 1] }] })).rejects.toThrow(/^Cannot submit input 1: Cannot carry the value at \$\.a\[0\]/);
});

test("toSubmission: a job without inputs is told how to give some", async () => {
  await expect(toSubmission({ source: "export default (n) => n;" })).rejects.toThrow("it has no inputs. Give a range or inputs, or let the job file export `inputs`");
  await expect(toSubmission({ source: SOURCE, inputs: [] })).rejects.toThrow("its inputs are empty");
});

test("submitJob: an answer that gets lost is asked for again with the same key (R1)", async () => {
  const keys: unknown[] = [];
  await using server = await serve((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    if (keys.length === 1) request.socket.destroy();
    else response.writeHead(202).end('{"jobId":"job-12345678","url":"u","resultUrl":"r"}');
  });
  expect((await submitJob(new HubClient(server.url), { source: SOURCE, args: { n: 1 } })).jobId).toBe("job-12345678");
  expect(keys).toHaveLength(2);
  expect(keys[0]).toEqual(expect.any(String));
  expect(keys[1]).toBe(keys[0]);
});

test("submitJob: what the hub refuses is not asked for again", async () => {
  let asked = 0;
  await using server = await serve((_, response) => {
    asked++;
    response.writeHead(422).end('{"type":"x","title":"t","status":422,"detail":"it is empty"}');
  });
  await expect(submitJob(new HubClient(server.url), { source: SOURCE, args: { n: 1 } })).rejects.toThrow('Cannot submit job "job": it is empty');
  expect(asked).toBe(1);
});
