import { expect, test } from "vitest";
import { CAPABILITIES } from "../../protocol/capabilities.ts";
import { detectCapabilities, deviceMemoryMiB } from "./capabilities.ts";

test("detectCapabilities: names what this engine has, which is that of Chromium here", async () => {
  const found = await detectCapabilities();
  expect(found).toEqual(expect.arrayContaining(["wasm", "wasm-simd", "wasm-exceptions", "wasm-tail-calls"]));
  for (const capability of found) expect(CAPABILITIES).toContain(capability);
  expect(new Set(found).size).toBe(found.length);
});

test("deviceMemoryMiB: in MiB, or null where the browser does not tell", () => {
  expect(deviceMemoryMiB({ deviceMemory: 8 })).toBe(8_192);
  expect(deviceMemoryMiB({ deviceMemory: 0.25 })).toBe(256);
  for (const silent of [{}, { deviceMemory: 0 }, { deviceMemory: Number.NaN }, { deviceMemory: "8" }]) expect(deviceMemoryMiB(silent)).toBeNull();
});
