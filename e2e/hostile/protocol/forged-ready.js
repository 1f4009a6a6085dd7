// A slot that says again that it starts is stopped.
// ends: failed: it sent "ready"
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage({ type: "ready" });
  return new Promise(() => undefined);
}
