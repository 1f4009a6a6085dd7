// The hub's own calls, with the volunteer's credentials, are as far away as everybody else's.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ hub }) {
  const include = { credentials: "include" };
  return reached({
    jobs: () => fetch(`http://${hub}/api/jobs`, include),
    jobsUnread: () => fetch(`http://${hub}/api/jobs`, { ...include, mode: "no-cors" }),
    submit: () => fetch(`http://${hub}/api/jobs`, { ...include, method: "POST", mode: "no-cors", body: "{}" }),
    link: () => new Promise((resolve, reject) => { const link = new WebSocket(`ws://${hub}/compute`); link.onopen = resolve; link.onerror = reject; }),
    events: () => new Promise((resolve, reject) => { const events = new EventSource(`http://${hub}/api/jobs/x/events`, { withCredentials: true }); events.onopen = resolve; events.onerror = reject; }),
    page: () => import(`http://${hub}/assets/index.js`),
    ownPage: () => import(`http://x.localhost:${hub.split(":")[1]}/sandbox/frame.html?secret`),
    ownPageFetched: () => fetch(`http://x.localhost:${hub.split(":")[1]}/sandbox/frame.html?secret`, { mode: "no-cors" }),
    ownUrl: () => fetch(`${self.location.href}?secret`),
  });
}
