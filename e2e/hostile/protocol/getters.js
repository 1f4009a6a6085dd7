// Getters and proxies that throw while the output is read fail their task.
// ends: failed: from a getter
export default () => ({ get x() { throw new Error("from a getter"); } });
