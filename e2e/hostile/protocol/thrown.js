// What is thrown may throw in turn when it is read: its task fails with words all the same.
// ends: failed: cannot be read
export default () => { throw new Proxy(new Error("x"), { get() { throw { toString() { throw 1; } }; } }); };
