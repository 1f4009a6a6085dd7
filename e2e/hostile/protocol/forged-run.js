// An answer to an order that was never given stops the slot.
// ends: failed: it sent "results"
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage({ type: "results", run: run + 1, from: 0, count: 1, outputs: new Uint8Array(4), failures: [], busyMs: 0, ended: true });
  return new Promise(() => undefined);
}
