// A proxy that lies about its keys and throws on every look fails its task.
// ends: failed: from a trap
const trap = () => { throw new Error("from a trap"); };
export default () => new Proxy({}, new Proxy({}, { get: () => trap }));
