/** What job code may need and not every browser has: a tab declares those that it offers, a job names those that it requires. */
export const CAPABILITIES = [
  "wasm", "wasm-simd", "wasm-relaxed-simd", "wasm-exceptions", "wasm-gc", "wasm-memory64", "wasm-tail-calls", "float16-array",
] as const;
export type Capability = (typeof CAPABILITIES)[number];
