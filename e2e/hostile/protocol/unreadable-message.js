// A message that cannot be read on the other side stops the slot.
// ends: failed: The slot
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  return new Promise(() => undefined);
}
