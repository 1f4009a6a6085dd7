// Whatever a task returns is an outcome of its own alone: what cannot be carried is a failure with words.
// ends: failed: Cannot
export default function hostile() {
  Object.prototype.toJSON = () => "forged";
  return { good: 1, bad: () => 1 };
}
