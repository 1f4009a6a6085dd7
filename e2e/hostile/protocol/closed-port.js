// A slot that hangs up is stopped when its time is over.
// ends: stopped
// time: 500
// walls: policy
export default function hostile() {
  const { run, port } = globalThis.slot;
  port.close();
  return new Promise(() => undefined);
}
