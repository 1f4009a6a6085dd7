// A slot that loads what it was not told to is stopped.
// ends: failed: it sent "loaded"
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage({ type: "loaded", hasDefault: true });
  return new Promise(() => undefined);
}
