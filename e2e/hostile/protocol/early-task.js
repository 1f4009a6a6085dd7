// A word about a task that is none of the order stops the slot.
// ends: failed: it told of task
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage({ type: "telemetry", run, position: 10_000, fraction: 0.5, logs: [] });
  return new Promise(() => undefined);
}
