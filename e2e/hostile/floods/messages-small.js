// A flood of small messages to the supervisor stops the slot.
// ends: dead
// time: 500
// walls: policy
export default () => { for (const { run, port } = globalThis.slot; ;) port.postMessage({ type: "telemetry", run, position: 0, fraction: 0.5, logs: [] }); };
