// Nothing can be kept: no storage of any kind is within reach.
// ends: answered
import { byEvents, reached } from "../reached.js";

export default function hostile() {
  return reached({
    local: () => { localStorage.setItem("secret", "1"); },
    session: () => { sessionStorage.setItem("secret", "1"); },
    database: () => byEvents(indexedDB.open("secret"), "success", "error"),
    caches: () => caches.open("secret"),
    files: () => navigator.storage.getDirectory(),
    buckets: () => navigator.storageBuckets.open("secret"),
    cookies: () => cookieStore.set("secret", "1"),
    cookie: () => { document.cookie = "secret=1"; if (document.cookie === "") throw new Error("not kept"); },
  });
}
