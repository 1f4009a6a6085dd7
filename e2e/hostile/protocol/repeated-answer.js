// The same answer a second time stops the slot.
// ends: failed: in place of
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  const answer = { type: "results", run, from: 0, count: 0, outputs: new Uint8Array([0]), failures: [], busyMs: 0, ended: false };
  port.postMessage({ ...answer, from: 1 });
  return new Promise(() => undefined);
}
