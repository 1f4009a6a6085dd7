// Whatever built-in a job replaces, it never gets hold of the slot's port, nor of an event that carries it.
// ends: answered
// walls: both
const caught = [];
const { apply } = Reflect;
const { toString } = Object.prototype;

function look(value) {
  const tag = apply(toString, value, []);
  if (tag === "[object MessagePort]" || tag === "[object MessageEvent]") caught[caught.length] = tag;
}

function spy(holder) {
  for (const name of Reflect.ownKeys(holder)) {
    const { value, configurable } = Object.getOwnPropertyDescriptor(holder, name);
    if (typeof value !== "function" || !configurable || name === "constructor") continue;
    holder[name] = function (...parts) {
      look(this);
      for (let i = 0; i < parts.length; i++) look(parts[i]);
      return new.target === undefined ? apply(value, this, parts) : Reflect.construct(value, parts);
    };
  }
}

for (const holder of [Map.prototype, Set.prototype, Promise.prototype, Promise, EventTarget.prototype, Event.prototype, performance.constructor.prototype]) spy(holder);
const iterator = Array.prototype[Symbol.iterator];
Array.prototype[Symbol.iterator] = function () { look(this); for (let i = 0; i < this.length; i++) look(this[i]); return apply(iterator, this, []); };
const push = Array.prototype.push;
Array.prototype.push = function (...items) { for (let i = 0; i < items.length; i++) look(items[i]); return apply(push, this, items); };
for (const name of ["data", "ports", "port", "source", "target"]) {
  Object.defineProperty(Object.prototype, name, { configurable: true, get() { look(this); return undefined; }, set(value) { Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true }); } });
}

export default async function hostile(_, task) {
  task.log("a line");
  task.progress(0.5);
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  task.progress(0.6);
  return caught;
}
