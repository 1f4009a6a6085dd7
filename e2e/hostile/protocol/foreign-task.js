// An answer to a task that the slot was not given stops it.
// ends: failed: in place of
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage({ type: "results", run, from: 0, count: 1_000, outputs: new Uint8Array(4), failures: [], busyMs: 0, ended: true });
  return new Promise(() => undefined);
}
