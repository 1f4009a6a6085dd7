// A job that breaks every built-in under the slot's own code harms its own task and nobody else's.
// ends: dead
// time: 500
const broken = () => { throw new Error("broken"); };
for (const holder of [Array.prototype, Map.prototype, Set.prototype, Promise.prototype, String.prototype, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype)]) {
  for (const name of Object.getOwnPropertyNames(holder)) if (typeof Object.getOwnPropertyDescriptor(holder, name).value === "function") holder[name] = broken;
}
Object.defineProperty(Object.prototype, "type", { get: () => "ready", set: () => undefined });
export default (input) => input;
