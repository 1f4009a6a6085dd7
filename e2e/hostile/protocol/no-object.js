// What is no object is no message.
// ends: failed: no message
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  for (const odd of [null, 7, "results", [1], new Date(), new Map([["type", "ready"]]), new Error("x")]) port.postMessage(odd);
  return new Promise(() => undefined);
}
