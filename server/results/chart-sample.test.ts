import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { ChartSample } from "./chart-sample.ts";

const one = Uint8Array.of(1);

describe("ChartSample", () => {
  test("ChartSample: keeps every output of a job that is small enough", () => {
    const sample = new ChartSample(LIMITS.chartRows);
    for (let index = 0; index < LIMITS.chartRows; index++) sample.add(index, one);
    expect(sample.sorted().indexes).toHaveLength(LIMITS.chartRows);
  });

  test("ChartSample: thins a huge job evenly by index", () => {
    const sample = new ChartSample(10_000_000);
    expect(sample.stride).toBe(1024);
    expect(sample.wants(2048)).toBe(true);
    expect(sample.wants(2049)).toBe(false);
  });

  test("ChartSample: the same outputs in any order, some of them twice, are the same sample", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(200), { minLength: 1 }), fc.infiniteStream(fc.nat()), (indexes, order) => {
      const [straight, mixed] = [new ChartSample(1_000), new ChartSample(1_000)];
      for (const index of indexes) straight.add(index, Uint8Array.of(index));
      const keyed = [...indexes, ...indexes].map((index) => ({ index, key: Number(order.next().value) }));
      for (const { index } of keyed.toSorted((a, b) => a.key - b.key)) mixed.add(index, Uint8Array.of(index));
      expect(mixed.sorted()).toEqual(straight.sorted());
      expect(mixed.bytes).toBe(indexes.length);
    }));
  });

  test("ChartSample: outputs that are too large together are thinned evenly, and bounded", () => {
    const sample = new ChartSample(64);
    const megabyte = new Uint8Array(1024 * 1024);
    for (let index = 0; index < 64; index++) sample.add(index, megabyte);
    expect(sample.sorted().indexes).toEqual(Array.from({ length: 32 }, (_, i) => 2 * i));
    expect(sample.bytes).toBe(32 * 1024 * 1024);
  });

  test("ChartSample: a single output that is too large is left out, and nothing else with it but its like", () => {
    const sample = new ChartSample(2);
    sample.add(0, new Uint8Array(33 * 1024 * 1024));
    expect(sample.sorted().indexes).toEqual([]);
    expect(sample.bytes).toBe(0);
  });
});
