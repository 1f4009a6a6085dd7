// What a job leaves behind in its realm is not there for the next: no slot is used for two jobs.
// ends: answered
// twice: in turn
// walls: both
const found = [];
if (globalThis.leftBehind !== undefined) found.push("a global");
if ({}.leftBehind !== undefined) found.push("a prototype");
if (Math.max(1, 2) !== 2) found.push("a patched function");

export default function hostile() {
  globalThis.leftBehind = true;
  Object.prototype.leftBehind = true;
  Math.max = () => 0;
  return found;
}
