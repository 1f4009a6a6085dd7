// A slot that says over and over that it rests gains no time by it.
// ends: failed: The slot was stopped because it rested
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  setInterval(() => port.postMessage({ type: "rest", run, ms: 10_000 }), 50);
  return new Promise(() => undefined);
}
