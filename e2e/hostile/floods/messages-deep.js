// Messages of a hundred thousand objects each are no better.
// ends: failed: The slot was stopped because
// walls: policy
const parts = Array.from({ length: 100_000 }, (_, i) => ({ i }));
export default () => { for (const { port } = globalThis.slot; ;) port.postMessage(parts); };
