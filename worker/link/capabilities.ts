import { exceptions, gc, memory64, relaxedSimd, simd, tailCall } from "wasm-feature-detect";
import type { Capability } from "../../protocol/capabilities.ts";
import { LIMITS } from "../../protocol/limits.ts";

const WASM_FEATURES: readonly (readonly [Capability, () => Promise<boolean>])[] = [
  ["wasm-simd", simd], ["wasm-relaxed-simd", relaxedSimd], ["wasm-exceptions", exceptions], ["wasm-gc", gc], ["wasm-memory64", memory64],
  ["wasm-tail-calls", tailCall],
];

/** What job code may need and not every browser has. A slot has the same engine as whoever asks here. */
export async function detectCapabilities(): Promise<Capability[]> {
  const found: Capability[] = [];
  if (typeof WebAssembly === "object") {
    found.push("wasm");
    for (const [capability, has] of WASM_FEATURES) if (await has()) found.push(capability);
  }
  if ("Float16Array" in globalThis) found.push("float16-array");
  return found;
}

/** Memory of the device in MiB, where the browser tells: it rounds, knows a largest answer, and tells secure contexts alone. */
export function deviceMemoryMiB(from: object): number | null {
  const gib: unknown = "deviceMemory" in from ? from.deviceMemory : undefined;
  if (typeof gib !== "number" || !(gib > 0)) return null;
  return Math.min(LIMITS.memoryMiB, Math.max(1, Math.floor(gib * 1024)));
}
