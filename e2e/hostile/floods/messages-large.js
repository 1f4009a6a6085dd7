// A flood of large messages stops the slot, and delays nobody meanwhile.
// ends: failed: The slot was stopped because
// walls: policy
const part = new Uint8Array(8 * 1024 * 1024);
export default () => { for (const { port } = globalThis.slot; ;) port.postMessage({ part }); };
