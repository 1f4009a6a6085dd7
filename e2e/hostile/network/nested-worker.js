// No worker is started from a remote script, and one of the job's own text reaches as little as the job.
// ends: contained
// In Firefox the asking itself hangs now and then.
import { byEvents, reached } from "../reached.js";

export default function hostile({ canary }) {
  const text = `fetch("http://${canary}/nested/fetch", { mode: "no-cors" }).then(() => postMessage(1)); import("http://${canary}/nested/import.js").then(() => postMessage(1));`;
  const own = (options) => byEvents(new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })), options), "message", "error");
  return reached({
    remote: () => byEvents(new Worker(`http://${canary}/nested/remote.js`), "message", "error"),
    data: () => byEvents(new Worker(`data:text/javascript,${encodeURIComponent(text)}`), "message", "error"),
    own: () => own({}),
    ownModule: () => own({ type: "module" }),
    shared: () => byEvents(new SharedWorker(`http://${canary}/nested/shared.js`).port, "message", "messageerror"),
    service: () => navigator.serviceWorker.register(`http://${canary}/nested/service.js`),
  });
}
