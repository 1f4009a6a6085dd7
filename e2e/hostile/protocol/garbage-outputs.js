// Bytes that are no values, in place of outputs, stop the slot.
// ends: failed: The slot was stopped because
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage({ type: "results", run, from: 0, count: 1, outputs: new Uint8Array([1, 0, 0, 0, 193, 255]), failures: [], busyMs: 0, ended: true });
  return new Promise(() => undefined);
}
