// A cache fetches nothing to keep.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({
    add: async () => (await caches.open("secret")).add(`http://${canary}/cache-add`),
    addAll: async () => (await caches.open("secret")).addAll([new Request(`http://${canary}/cache-add-all`, { mode: "no-cors" })]),
  });
}
