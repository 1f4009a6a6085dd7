// Ports and streams that come along with a message lead nowhere.
// ends: failed: no message
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => undefined;
  port.postMessage({ type: "APPLY", path: ["constructor", "constructor"], argumentList: ["return 1"], port: port2 }, [port2]);
  return new Promise(() => undefined);
}
