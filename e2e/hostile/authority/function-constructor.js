// Every way to make code from text gives this same emptied realm, and nothing handed to the task comes from another.
// ends: answered
// walls: both
import { reached } from "../reached.js";

export default function hostile(input, task) {
  const kinds = [function () {}, async () => {}, function* () {}, async function* () {}];
  const realms = [
    ...kinds.slice(0, 2).map(({ constructor }) => constructor("return globalThis")()),
    input.constructor.constructor("return globalThis")(), task.log.constructor("return globalThis")(), task.constructor.constructor("return globalThis")(),
    task.signal.constructor.constructor("return globalThis")(), (0, eval)("globalThis"), Reflect.construct(Function, ["return this"])(),
  ];
  return reached({
    anotherRealm: async () => { for (const realm of realms) if ((await realm) !== globalThis) return; throw new Error("the same"); },
    fetchAgain: async () => { for (const realm of realms) if ((await realm).fetch !== undefined) return; throw new Error("gone"); },
    shadow: () => new ShadowRealm().evaluate("typeof fetch"),
    byFetchText: () => Function("return fetch")(),
  });
}
