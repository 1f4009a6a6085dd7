// Answers before the first order stop the slot.
// ends: failed: The slot was stopped because
// walls: policy
globalThis.slot.port.postMessage({ type: "results", run: 1, from: 0, count: 1, outputs: new Uint8Array([0]), failures: [], busyMs: 0, ended: true });

export default () => 1;
