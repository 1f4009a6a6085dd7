import { decodeMulti } from "@msgpack/msgpack";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { encodeValue } from "../../protocol/value.ts";
import { MsgpackWriter } from "./msgpack-writer.ts";

test("MsgpackWriter: any index and any JSON value come back from any reader", () => {
  const index = fc.oneof(fc.nat(300), fc.nat(70_000), fc.integer({ min: 0, max: LIMITS.jobTasks }));
  fc.assert(fc.property(fc.array(fc.tuple(index, fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes("__proto__"))), { maxLength: 50 }), (results) => {
    const writer = new MsgpackWriter();
    for (const [at, value] of results) writer.output(at, encodeValue(value));
    writer.end();
    expect([...decodeMulti(writer.take())]).toEqual(results);
    expect(writer.pending).toBe(0);
  }));
});

test("MsgpackWriter: an output larger than the buffer is whole, and the next piece begins anew", () => {
  const writer = new MsgpackWriter();
  const large = new Uint8Array(3_000_000).fill(7);
  writer.output(1, encodeValue(large));
  const first = writer.take();
  writer.output(2, encodeValue("next"));
  expect([...decodeMulti(first)]).toEqual([[1, large]]);
  expect([...decodeMulti(writer.take())]).toEqual([[2, "next"]]);
});
