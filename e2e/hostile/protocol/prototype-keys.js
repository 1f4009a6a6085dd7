// Keys that would reach a prototype are no message.
// ends: failed: no message
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.postMessage(JSON.parse(`{ "__proto__": { "type": "results" }, "constructor": { "prototype": { "polluted": true } } }`));
  return new Promise(() => undefined);
}
